import type { Sequelize } from 'sequelize';
import type { Finding } from '../domain/audit/finding.ts';
import { type AuditedTask, openTasks, overTasks } from '../persistence/queries/audited-workflows.query.ts';

/** What an audit asks of Temporal. */
export interface WorkflowsToAudit {
  /** The ids of the tasks whose workflows a list shows as open; it may be behind. */
  listOpen(): AsyncIterable<string>;
  /** By description of the exact id. */
  isOpen(taskId: string): Promise<boolean>;
}

export type AuditWorkflows = (limit: number) => Promise<readonly Finding[]>;

const PAGE = 1_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const NO_TASK_ID = /[^0-9a-f-]/i;

/** Compares the open tasks with the open workflows; what the list leaves in doubt is described one by one. */
export function createAuditWorkflows(database: Sequelize, workflows: WorkflowsToAudit): AuditWorkflows {
  return async (limit) => {
    const listed = new Set<string>();
    for await (const id of workflows.listOpen()) listed.add(id);
    const without = await doubtful(openTasksNotIn(database, listed), (id) => workflows.isOpen(id), false, limit);
    const left = await doubtful(tasksOver(database, [...listed]), (id) => workflows.isOpen(id), true, limit);
    return [
      ...without.map(({ id, status }) => found(id, `is ${status}, and has no open workflow`)),
      ...left.map(({ id, status }) => found(id, `is ${status}, and its workflow is open`)),
    ];
  };
}

async function* openTasksNotIn(database: Sequelize, listed: ReadonlySet<string>): AsyncIterable<AuditedTask> {
  for (let after = FIRST_ID; ;) {
    const page = await openTasks(database, after, PAGE);
    yield* page.filter((task) => !listed.has(task.id));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.id;
  }
}

async function* tasksOver(database: Sequelize, listed: readonly string[]): AsyncIterable<AuditedTask> {
  const ids = listed.filter((id) => !NO_TASK_ID.test(id));
  for (let at = 0; at < ids.length; at += PAGE) yield* await overTasks(database, ids.slice(at, at + PAGE));
}

async function doubtful(
  tasks: AsyncIterable<AuditedTask>,
  isOpen: (id: string) => Promise<boolean>,
  isWrong: boolean,
  limit: number,
): Promise<readonly AuditedTask[]> {
  const wrong: AuditedTask[] = [];
  for await (const task of tasks) {
    if (wrong.length === limit) break;
    if ((await isOpen(task.id)) === isWrong) wrong.push(task);
  }
  return wrong;
}

function found(taskId: string, detail: string): Finding {
  return { check: 'workflows', taskId, instanceId: null, detail };
}
