import type { Delegation } from './delegation.ts';
import type { Instance } from './instance.ts';

export type InstanceRef = Pick<Instance, 'id' | 'name' | 'scope'>;

/** A delegation with the instances at both its ends, and why it was made. */
export interface ChainLink extends Delegation {
  readonly sourceInstance: InstanceRef;
  readonly targetInstance: InstanceRef;
  readonly reason: string | null;
}

/** The delegations of a task in hop order, and where the task entered and is. */
export interface DelegationChain {
  readonly taskId: string;
  readonly chain: readonly ChainLink[];
  readonly originInstanceId: string;
  readonly currentInstanceId: string;
}
