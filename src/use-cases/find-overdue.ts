import type { Sequelize } from 'sequelize';
import { type OverdueCursor, type OverdueTask, overdueTasks } from '../persistence/queries/overdue-tasks.query.ts';
import { FIRST_ID } from '../persistence/queries/suspects.query.ts';

const PAGE = 500;

/** Finds the tasks whose workflows have to be told that a due time has passed, a page at a time (rule T6). */
export async function* findOverdue(database: Sequelize): AsyncIterable<readonly OverdueTask[]> {
  let after: OverdueCursor = { id: FIRST_ID, dueAt: '-infinity' };
  for (;;) {
    const page = await overdueTasks(database, { after, limit: PAGE });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last;
  }
}
