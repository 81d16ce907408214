import { type Diagnosed, type Suspect, type TaskWorkflows, diagnose } from '../domain/suspect.ts';
import { isFinal } from '../domain/task.ts';
import type { SuspectStore } from './find-suspects.ts';

/** Which suspects may be asked or started now; without it all of them. */
export type MayAsk = (taskId: string) => boolean;

/** Looks at the workflow of each suspect, makes it read the row again or starts the one that is missing (law 2). */
export type MendSuspects = (page: readonly Suspect[], mayAsk?: MayAsk) => Promise<readonly Diagnosed[]>;

/** A workflow that has ended before its task is only told of: whoever may repair that, does. */
export function createMendSuspects(records: Pick<SuspectStore, 'confirm'>, workflows: TaskWorkflows): MendSuspects {
  return async (page, mayAsk = () => true) => {
    const published = await workflows.published(page.map((suspect) => suspect.id));
    const diagnosed = page.map((suspect): Diagnosed => {
      const state = published.get(suspect.id) ?? null;
      const diagnosis = diagnose(suspect, state, isFinal(suspect.status));
      return { suspect, diagnosis, closedAs: state?.closedAs ?? null };
    });
    for (const { suspect, diagnosis } of diagnosed) {
      if (diagnosis === 'start' && mayAsk(suspect.id)) await workflows.start(suspect);
      if (diagnosis === 'reread' && mayAsk(suspect.id)) await workflows.reread(suspect.id);
    }
    await records.confirm(diagnosed.filter(({ diagnosis }) => diagnosis === 'well').map(({ suspect }) => suspect));
    return diagnosed;
  };
}
