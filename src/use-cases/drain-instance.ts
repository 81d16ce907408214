import { HOPPER } from '../domain/actor.ts';
import type { DrainReport } from '../domain/drain.ts';
import { DomainError, IS_FINAL } from '../domain/errors.ts';
import type { Instance } from '../domain/instance.ts';
import type { Task } from '../domain/task.ts';
import type { TaskCommand } from '../domain/task-command.ts';
import { isUuid } from '../domain/uuid.ts';
import { tasksLeft, tasksToLeave } from '../persistence/queries/drain.query.ts';
import { FIRST_ID } from '../persistence/queries/suspects.query.ts';
import { createJudgeNow } from './judge-now.ts';
import type { Ports } from './ports.ts';
import { someAtOnce } from './some-at-once.ts';

export interface DrainAsk {
  readonly instanceId: string;
  /** The same pass orders under the same ids, so that a pass that runs twice does nothing twice. */
  readonly pass: string;
}

/** Moves away what can be moved now, and reports what is left; ends early when the signal is given. */
export type DrainInstance = (ask: DrainAsk, signal: AbortSignal) => Promise<DrainReport>;

/** Gives a command to the workflow of a task, under an id of the pass. */
export type OrderLeave = (task: Task, command: Leave, requestId: string) => Promise<void>;

type Leave = Extract<TaskCommand, { kind: 'leave' }>;

const PAGE = 200;
/** After so many in a row that nobody answered, the pass ends. */
const UNANSWERED = 8;

/** One pass over the open tasks of a stopping instance, page by page (rule I5). */
export function createDrainInstance(ports: Ports, orderLeave: OrderLeave): DrainInstance {
  return async ({ instanceId, pass }, signal) => {
    const instance = isUuid(instanceId) ? await ports.repositories.instances.get(null, instanceId) : null;
    if (instance === null) return { instance: null, left: [] };
    if (instance.status !== 'stopping') return { instance: shown(instance), left: [] };
    const { forcedBy } = await ports.repositories.instances.stopOrders(null, instanceId);
    const run = new Pass(ports, orderLeave, leaveOf(instance, forcedBy), pass, signal);
    for (let after = FIRST_ID; ;) {
      const page = await tasksToLeave(ports.database, { instanceId, after, limit: PAGE });
      await run.move(page);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      after = last;
    }
    return { instance: shown(instance, forcedBy), left: await tasksLeft(ports.database, null, instanceId) };
  };
}

/** One pass: a task that refuses is left for the next one, a server that does not answer ends this one. */
class Pass {
  readonly #ports: Ports;
  readonly #orderLeave: OrderLeave;
  readonly #judgeNow: ReturnType<typeof createJudgeNow>;
  readonly #command: Leave;
  readonly #pass: string;
  readonly #signal: AbortSignal;
  #unanswered: DomainError[] = [];

  constructor(ports: Ports, orderLeave: OrderLeave, command: Leave, pass: string, signal: AbortSignal) {
    this.#ports = ports;
    this.#orderLeave = orderLeave;
    this.#judgeNow = createJudgeNow(ports);
    this.#command = command;
    this.#pass = pass;
    this.#signal = signal;
  }

  async move(taskIds: readonly string[]): Promise<void> {
    await someAtOnce(taskIds, (taskId) => this.#moveOne(taskId));
  }

  async #moveOne(taskId: string): Promise<void> {
    this.#signal.throwIfAborted();
    const [first] = this.#unanswered;
    if (first !== undefined && this.#unanswered.length >= UNANSWERED) throw first;
    try {
      await this.#order(taskId);
      this.#unanswered = [];
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (!IS_FINAL[error.code]) this.#unanswered.push(error);
    }
  }

  /** Only what the row allows is ordered: a workflow takes a limited number of commands in its life. */
  async #order(taskId: string): Promise<void> {
    const task = await this.#ports.repositories.tasks.get(null, taskId);
    if (task === null) return;
    const now = await this.#judgeNow(taskId, HOPPER, this.#command);
    if (now.verdict === 'possible') await this.#orderLeave(task, this.#command, this.#pass);
  }
}

/** By force also what somebody works on leaves, and the record says on whose order (rule I4). */
function leaveOf({ id, name }: Instance, forcedBy: string | null): Leave {
  const reason = `${name} is stopping`;
  if (forcedBy === null) return { kind: 'leave', instanceId: id, reason };
  return { kind: 'leave', instanceId: id, reason: `${reason}, forced by ${forcedBy}`, force: true };
}

function shown({ name, status }: Instance, forcedBy: string | null = null): DrainReport['instance'] {
  return { name, status, ...(forcedBy !== null && { forcedBy }) };
}
