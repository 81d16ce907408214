import type { Sequelize } from 'sequelize';
import { stoppingInstances } from '../persistence/queries/drain.query.ts';
import { FIRST_ID } from '../persistence/queries/suspects.query.ts';

/** An instance that stops, with what its drain needs to be started. */
export interface StoppingInstance {
  readonly id: string;
  readonly name: string;
}

const PAGE = 200;

/** Every instance that is stopping, a page at a time. */
export async function* findStopping(database: Sequelize): AsyncIterable<readonly StoppingInstance[]> {
  for (let after = FIRST_ID; ;) {
    const page = await stoppingInstances(database, { after, limit: PAGE });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.id;
  }
}
