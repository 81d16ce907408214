import { decideAt } from '../domain/scopes/decide-at.ts';
import { type HeldTask, changeMarker, heldTasks } from '../persistence/queries/held-tasks.query.ts';
import { FIRST_ID } from '../persistence/queries/suspects.query.ts';
import { loadRoutingView } from './load-routing-view.ts';
import type { Ports } from './ports.ts';

/** What the watch over held tasks reads. */
export interface HeldStore {
  /** Another text after every change of the policy or of an instance. */
  marker(): Promise<string>;
  pages(): AsyncIterable<readonly HeldTask[]>;
  wouldRoute(taskId: string): Promise<boolean>;
}

const PAGE = 200;

/** Finds the held tasks that somebody would take now; decides without writing anything (rule R9). */
export function createHeldStore(ports: Ports): HeldStore {
  return {
    marker: () => changeMarker(ports.database),
    async *pages() {
      let after = FIRST_ID;
      for (;;) {
        const page = await heldTasks(ports.database, { after, limit: PAGE });
        if (page.length > 0) yield page;
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) return;
        after = last.id;
      }
    },
    wouldRoute: (taskId) => wouldRoute(ports, taskId),
  };
}

/** True if a decision made now would take a held task somewhere. */
async function wouldRoute(ports: Ports, taskId: string): Promise<boolean> {
  const task = await ports.repositories.tasks.get(null, taskId);
  if (task?.blockedOn !== 'held') return false;
  const view = await loadRoutingView(ports, null, task);
  const { action } = decideAt(view.inForce.behaviors, view.task, view, view.policy);
  if (action === 'escalate') return task.instanceId !== task.entryInstanceId;
  return action !== 'reject' && action !== 'hold' && action !== 'wait';
}
