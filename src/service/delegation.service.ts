import type { Delegation } from '../domain/delegation.ts';
import { DomainError } from '../domain/errors.ts';
import type { TaskCommand } from '../domain/task-command.ts';
import type { DelegationRepository } from '../persistence/repositories/delegation.repository.ts';
import type { DelegationService, RequestContext } from './hopper-service.ts';
import type { OrderTask } from './ordering.ts';

/** Decisions about one delegation, by its id. */
export function createDelegationService(
  delegations: Pick<DelegationRepository, 'getById'>,
  orderTask: OrderTask,
): DelegationService {
  const get = async (delegationId: string): Promise<Delegation> => {
    const delegation = await delegations.getById(null, delegationId);
    if (delegation === null) throw new DomainError('delegation_not_found', `no delegation ${delegationId}`);
    return delegation;
  };
  const order = async (delegationId: string, command: TaskCommand, context: RequestContext): Promise<Delegation> => {
    const { taskId } = await get(delegationId);
    await orderTask(taskId, command, context);
    return get(delegationId);
  };
  return {
    get,
    accept: (delegationId, notes, context) => order(delegationId, { kind: 'accept', delegationId, notes }, context),
    reject: (delegationId, refusal, context) =>
      order(delegationId, { kind: 'reject', delegationId, ...refusal }, context),
    complete: (delegationId, result, context) =>
      order(delegationId, { kind: 'complete', delegationId, result }, context),
  };
}
