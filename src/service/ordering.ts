import type { Actor } from '../domain/actor.ts';
import { assertNever } from '../domain/assert-never.ts';
import { DomainError } from '../domain/errors.ts';
import { isFinal } from '../domain/task.ts';
import type { TaskCommand } from '../domain/task-command.ts';
import type { DelegationRepository } from '../persistence/repositories/delegation.repository.ts';
import type { TaskRepository } from '../persistence/repositories/task.repository.ts';
import { type JudgeNow, forHolder, isForHolder } from '../use-cases/judge-now.ts';
import {
  type CommandAnswer,
  acceptUpdate,
  cancelUpdate,
  completeUpdate,
  decomposeUpdate,
  escalateUpdate,
  failUpdate,
  leaveUpdate,
  reassignUpdate,
  rejectUpdate,
  rerouteUpdate,
} from '../../workflows/messages.ts';
import { digestOf } from './digest.ts';
import type { RequestContext } from './hopper-service.ts';
import type { TaskGateway } from './task-gateway.ts';

/** Gives a command to the workflow of a task; a "no" is thrown with the state that it names. */
export type OrderTask = (taskId: string, command: TaskCommand, context: RequestContext) => Promise<void>;

export interface OrderNeeds {
  readonly gateway: TaskGateway;
  readonly judgeNow: JudgeNow;
  readonly tasks: Pick<TaskRepository, 'get'>;
  readonly delegations: Pick<DelegationRepository, 'getDelegationsForTask'>;
}

const MAX_TRIES = 6;

/**
 * Temporal keeps the answer to an update under its id, also a "no". But a "no" is about the moment it was given, so it is
 * held against the row: if the row would allow the command now, it is given again under the next id (law 8).
 */
export function createOrderTask({ gateway, judgeNow, tasks, delegations }: OrderNeeds): OrderTask {
  return async (taskId, given, { actor, requestId }) => {
    const key = `${given.kind}/${requestId}/${digestOf(given)}`;
    let command = isForHolder(given) ? forHolder(given, await delegations.getDelegationsForTask(null, taskId)) : given;
    for (let tries = 1; ; tries += 1) {
      const answer = await ask({ gateway, tasks }, taskId, command, actor, `${key}/${String(tries)}`);
      if (answer?.verdict === 'done') return;
      const now = await judgeNow(taskId, actor, given);
      if (now.verdict === 'done') return;
      if (now.verdict === 'gone') throw new DomainError('task_not_found', `no task ${taskId}`);
      if (now.verdict === 'conflict') throw new DomainError(now.code, now.detail);
      if (answer === null)
        throw new DomainError('task_conflict', 'the workflow of this task has ended, but the task has not');
      if (tries === MAX_TRIES)
        throw new DomainError(answer.code ?? 'task_conflict', answer.detail ?? 'the task keeps changing');
      command = now.command;
    }
  };
}

/** A task that is open but has no workflow yet gets one first; the row is read only where there is no workflow. */
async function ask(
  { gateway, tasks }: Pick<OrderNeeds, 'gateway' | 'tasks'>,
  taskId: string,
  command: TaskCommand,
  actor: Actor,
  updateId: string,
): Promise<CommandAnswer | null> {
  const answer = await send(gateway, taskId, command, actor, updateId);
  if (answer !== null) return answer;
  const task = await tasks.get(null, taskId);
  if (task === null) throw new DomainError('task_not_found', `no task ${taskId}`);
  if (isFinal(task.status)) return null;
  await gateway.start(task);
  return send(gateway, taskId, command, actor, updateId);
}

function send(
  gateway: TaskGateway,
  taskId: string,
  command: TaskCommand,
  { name, role, subtree }: Actor,
  updateId: string,
): Promise<CommandAnswer | null> {
  const by = { name, role, subtree };
  const base = { taskId, updateId };
  switch (command.kind) {
    case 'accept':
      return gateway.order({ ...base, definition: acceptUpdate, message: { by, ...fieldsOf(command) } });
    case 'reject':
      return gateway.order({ ...base, definition: rejectUpdate, message: { by, ...fieldsOf(command) } });
    case 'complete':
      return gateway.order({ ...base, definition: completeUpdate, message: { by, ...fieldsOf(command) } });
    case 'fail':
      return gateway.order({ ...base, definition: failUpdate, message: { by, ...fieldsOf(command) } });
    case 'decompose':
      return gateway.order({ ...base, definition: decomposeUpdate, message: { by, ...fieldsOf(command) } });
    case 'cancel':
      return gateway.order({ ...base, definition: cancelUpdate, message: { by, ...fieldsOf(command) } });
    case 'escalate':
      return gateway.order({ ...base, definition: escalateUpdate, message: { by, ...fieldsOf(command) } });
    case 'reroute':
      return gateway.order({ ...base, definition: rerouteUpdate, message: { by, ...fieldsOf(command) } });
    case 'reassign':
      return gateway.order({ ...base, definition: reassignUpdate, message: { by, ...fieldsOf(command) } });
    case 'leave':
      return gateway.order({ ...base, definition: leaveUpdate, message: { by, ...fieldsOf(command) } });
    case 'expire':
      throw new TypeError('an offer expires by its own timer');
    case 'lapse':
    case 'overdue':
      throw new TypeError(`the sweep finds it: ${command.kind}`);
    case 'end_attempt':
      throw new TypeError('an attempt is ended by the workflow that began it');
    default:
      return assertNever(command);
  }
}

function fieldsOf<Command extends TaskCommand>(command: Command): Omit<Command, 'kind'> {
  return Object.fromEntries(Object.entries(command).filter(([key]) => key !== 'kind')) as unknown as Omit<
    Command,
    'kind'
  >;
}
