import type { Sequelize } from 'sequelize';
import type { Suspect } from '../domain/suspect.ts';
import {
  FIRST_ID,
  confirmSteps,
  overdueTasks,
  suspectAt,
  unconfirmedTasks,
} from '../persistence/queries/suspects.query.ts';

/** What the minute check needs of the database. */
export interface SuspectStore {
  /** Every suspect, a page at a time. */
  pages(settleSeconds: number): AsyncIterable<readonly Suspect[]>;
  at(taskId: string): Promise<Suspect | null>;
  confirm(seen: readonly Pick<Suspect, 'id' | 'step'>[]): Promise<void>;
}

const PAGE = 200;

/** Finds the tasks whose workflow may have lost a write, and remembers those that turned out to be well (law 2). */
export function createSuspectStore(database: Sequelize): SuspectStore {
  return {
    async *pages(settleSeconds) {
      for (const find of [overdueTasks, unconfirmedTasks]) {
        let after = FIRST_ID;
        for (;;) {
          const page = await find(database, { after, limit: PAGE, settleSeconds });
          if (page.length > 0) yield page;
          const last = page.at(-1);
          if (last === undefined || page.length < PAGE) break;
          after = last.id;
        }
      }
    },
    at: (taskId) => suspectAt(database, taskId),
    confirm: (seen) => confirmSteps(database, seen),
  };
}
