import type { Delegation } from './delegation.ts';
import type { Executor } from './executor.schema.ts';
import type { Instance } from './instance.ts';

export type InstanceRef = Pick<Instance, 'id' | 'name' | 'scope'>;

/** An instance and who does its work; null: whoever claims it. */
export interface PlaceRef extends InstanceRef {
  readonly executor?: Executor | null;
}

/** A delegation with the instances at both its ends, and why it was made. */
export interface ChainLink extends Delegation {
  readonly sourceInstance: PlaceRef;
  readonly targetInstance: PlaceRef;
  readonly reason: string | null;
}

/** The delegations of a task in hop order, and where the task entered and is. */
export interface DelegationChain {
  readonly taskId: string;
  readonly chain: readonly ChainLink[];
  readonly originInstanceId: string;
  readonly currentInstanceId: string;
}
