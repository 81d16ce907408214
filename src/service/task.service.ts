import { v7 } from 'uuid';
import { DomainError } from '../domain/errors.ts';
import type { Task } from '../domain/task.ts';
import type { TaskCreate, TaskStart } from '../domain/task.schema.ts';
import type { Reads } from '../persistence/queries/reads.ts';
import type { Repositories } from '../persistence/repositories/repositories.ts';
import type { AdmitTask, Admitted } from '../use-cases/admit-task.ts';
import type { Questions } from '../use-cases/ask-question.ts';
import type { ExplainTask } from '../use-cases/explain-task.ts';
import type { PatchTask } from '../use-cases/patch-task.ts';
import { digestOf } from './digest.ts';
import type { RetryTask } from '../use-cases/retry-task.ts';
import { rowId } from '../use-cases/row-id.ts';
import type { RequestContext, TaskService } from './hopper-service.ts';
import type { OrderTask } from './ordering.ts';
import type { TaskGateway } from './task-gateway.ts';

export interface TaskServiceNeeds {
  readonly gateway: TaskGateway;
  readonly orderTask: OrderTask;
  readonly repositories: Repositories;
  readonly reads: Reads;
  readonly admitTask: AdmitTask;
  readonly patchTask: PatchTask;
  readonly questions: Pick<Questions, 'answer'>;
  readonly explainTask: ExplainTask;
  readonly retryTask: RetryTask;
}

/** Tasks, from submission to every read: a promise is given after it is on record. */
export function createTaskService(needs: TaskServiceNeeds): TaskService {
  const { gateway, orderTask, repositories, reads } = needs;
  const get = async (taskId: string): Promise<Task> => {
    const task = await repositories.tasks.get(null, taskId);
    if (task === null) throw new DomainError('task_not_found', `no task ${taskId}`);
    return task;
  };
  return {
    get,

    async submit(input, context) {
      const start = toStart(input, context);
      const admitted = await needs.admitTask(start, context.actor);
      await startOnRecord(gateway, admitted.task);
      return admitted;
    },

    retry: (taskId, context) => retry(needs, taskId, context),

    list: (query) => reads.listTasks(query),

    patch: async (taskId, patch, context) => {
      await get(taskId);
      return needs.patchTask(taskId, patch, context.actor, `patch/${context.requestId}/${digestOf(patch)}`);
    },

    async chain(taskId) {
      const { entryInstanceId, instanceId } = await get(taskId);
      const chain = await repositories.delegations.getDelegationChain(null, taskId);
      return { taskId, chain, originInstanceId: entryInstanceId, currentInstanceId: instanceId };
    },

    async decisions(taskId) {
      await get(taskId);
      return repositories.decisions.ofTask(taskId);
    },

    async events(taskId) {
      const events = await reads.eventsOfTask(taskId);
      if (events.length === 0) await get(taskId);
      return events;
    },

    answer: async (taskId, text, { actor, requestId }) => {
      await needs.questions.answer(taskId, actor, text, `answer/${requestId}/${digestOf({ text })}`);
      return get(taskId);
    },
    explain: needs.explainTask,

    async command(taskId, command, context) {
      await orderTask(taskId, command, context);
      return get(taskId);
    },
  };
}

async function retry(
  { gateway, retryTask, repositories }: TaskServiceNeeds,
  taskId: string,
  { actor, requestId, isKeyed }: RequestContext,
): Promise<Admitted> {
  const commandId = `retry/${actor.name}/${requestId}`;
  const copyId = isKeyed === true ? rowId(taskId, commandId, 'task') : v7();
  const { task, isNew } = await retryTask(taskId, { copyId, actor, commandId });
  await startOnRecord(gateway, task);
  return { isNew, task: (await repositories.tasks.get(null, copyId)) ?? task };
}

async function startOnRecord(gateway: TaskGateway, task: Task): Promise<void> {
  await gateway.start(task).catch((error: unknown) => {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, `task ${task.id} is on record and will be started; ${error.message}`, {
      cause: error,
    });
  });
}

/** A task without an id gets one: from its key, if it has one, so that a repeat is the same task. */
function toStart(input: TaskCreate, { actor, requestId, isKeyed }: RequestContext): TaskStart {
  const newId = (): string => (isKeyed === true ? rowId(actor.name, requestId, 'task') : v7());
  return {
    id: input.id ?? newId(),
    title: input.title,
    description: input.description,
    tags: input.tags,
    priority: input.priority,
    estimatedDuration: input.estimated_duration,
    metadata: input.metadata,
    instanceId: input.instance_id,
    requester: input.requester,
    externalRef: input.external_ref,
    dueAt: input.due_at,
    notBefore: input.not_before,
  };
}
