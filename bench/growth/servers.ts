import { join } from 'node:path';
import { startTemporal } from '../../src/stack/embedded-temporal.ts';
import { type OwnPlace, onOwnDatabase } from '../own-database.ts';

/** Where Temporal keeps its state, in the folder of the benchmark. */
export const TEMPORAL_FOLDER = 'temporal';

/** Three stands have three workers and three APIs, each with its pool. */
const CONNECTIONS = 120;

/** Runs a part on a PostgreSQL and a Temporal of its own, as Hopper ships them; nothing is left behind, also after Ctrl-C. */
export function onFreshServers<Result>(
  measure: (place: OwnPlace, temporalAddress: string) => Promise<Result>,
): Promise<Result> {
  return onOwnDatabase(
    async (place) => {
      const { progress, stopping: signal } = place;
      const folder = join(place.folder, TEMPORAL_FOLDER);
      const temporal = await startTemporal({ folder, hasUi: false, progress, signal });
      try {
        return await measure(place, temporal.address);
      } finally {
        await temporal.close();
      }
    },
    { maxConnections: CONNECTIONS },
  );
}
