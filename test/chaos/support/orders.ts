import type { HopperService } from '../../../src/service/hopper-service.ts';
import { by } from '../../support/hopper.ts';

/** One command of those that the chaos tests give. */
export interface Order {
  readonly kind: 'accept' | 'complete' | 'escalate';
  readonly taskId: string;
  readonly delegationId: string;
}

/** Gives the command through the service, as ana. */
export async function giveOrder(service: HopperService, { kind, taskId, delegationId }: Order): Promise<void> {
  if (kind === 'accept') await service.delegations.accept(delegationId, null, by('ana'));
  else if (kind === 'complete') await service.delegations.complete(delegationId, { done: true }, by('ana'));
  else await service.tasks.command(taskId, { kind, reason: 'too hard' }, by('ana'));
}
