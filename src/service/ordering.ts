import type { Actor } from '../domain/actor.ts';
import { assertNever } from '../domain/assert-never.ts';
import { DomainError } from '../domain/errors.ts';
import { type Task, isFinal } from '../domain/task.ts';
import type { TaskCommand } from '../domain/task-command.ts';
import type { JudgeEnded } from '../use-cases/judge-ended.ts';
import {
  type CommandAnswer,
  acceptUpdate,
  cancelUpdate,
  completeUpdate,
  escalateUpdate,
  failUpdate,
  reassignUpdate,
  rejectUpdate,
  rerouteUpdate,
} from '../../workflows/messages.ts';
import type { RequestContext } from './hopper-service.ts';
import type { TaskGateway } from './task-gateway.ts';

/** Gives a command to the workflow of a task; a "no" is thrown with the state that it names. */
export type OrderTask = (task: Task, command: TaskCommand, context: RequestContext) => Promise<void>;

/** A task that has ended has no workflow to ask: then the row judges, and nothing is written. */
export function createOrderTask(gateway: TaskGateway, judgeEnded: JudgeEnded): OrderTask {
  return async (task, command, { actor, requestId }) => {
    const updateId = `${command.kind}/${requestId}`;
    let answer = await send(gateway, task.id, command, actor, updateId);
    if (answer === null && !isFinal(task.status)) {
      await gateway.start(task);
      answer = await send(gateway, task.id, command, actor, updateId);
    }
    const { verdict, code = 'task_conflict', detail } = answer ?? (await judgeEnded(task.id, actor, command));
    if (verdict === 'gone') throw new DomainError('task_not_found', `no task ${task.id}`);
    if (verdict === 'conflict') throw new DomainError(code, detail ?? 'the task does not allow it');
  };
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
    case 'cancel':
      return gateway.order({ ...base, definition: cancelUpdate, message: { by, ...fieldsOf(command) } });
    case 'escalate':
      return gateway.order({ ...base, definition: escalateUpdate, message: { by, ...fieldsOf(command) } });
    case 'reroute':
      return gateway.order({ ...base, definition: rerouteUpdate, message: { by, ...fieldsOf(command) } });
    case 'reassign':
      return gateway.order({ ...base, definition: reassignUpdate, message: { by, ...fieldsOf(command) } });
    case 'expire':
      throw new TypeError('an offer expires by its own timer');
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
