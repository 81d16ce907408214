import { join } from 'node:path';
import { startPostgres } from '../../../../src/stack/embedded-postgres.ts';
import { startTemporal } from '../../../../src/stack/embedded-temporal.ts';
import type { Ground } from '../scenario.ts';
import { type Victim, startVictim } from './victim.ts';

/** A PostgreSQL and a Temporal of a scenario's own; addresses and data stay when one is killed and started again. */
export interface Servers {
  readonly postgres: Victim;
  readonly temporal: Victim;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
}

/** Starts both as Hopper ships them: whatever was answered is on disk. What is started is put down in `undo`. */
export async function startServers(
  { folder, stopping }: Pick<Ground, 'folder' | 'stopping'>,
  undo: (() => Promise<void>)[],
): Promise<Servers> {
  const [database, engine] = [onePlace(), onePlace()];
  let [databaseUrl, temporalAddress] = ['', ''];
  const postgres = await startVictim('PostgreSQL', async () => {
    const place = { folder: join(folder, 'postgres'), logFile: join(folder, 'logs', 'postgres.log') };
    const running = await startPostgres({ ...place, port: database.wish(), maxConnections: 120, signal: stopping });
    database.port = running.port;
    databaseUrl = running.databaseUrl;
    return running;
  });
  undo.push(() => postgres.stop());
  const temporal = await startVictim('Temporal', async () => {
    const place = { folder: join(folder, 'temporal'), logFile: join(folder, 'logs', 'temporal.log') };
    const ports = { frontend: engine.wish() };
    const running = await startTemporal({ ...place, ports, hasUi: false, signal: stopping });
    engine.port = running.ports.frontend;
    temporalAddress = running.address;
    return running;
  });
  undo.push(() => temporal.stop());
  return { postgres, temporal, databaseUrl, temporalAddress };
}

/** Any free port at first, from then on that one. */
function onePlace() {
  const variable = 'PORT';
  return {
    port: null as number | null,
    wish() {
      return this.port === null ? { variable } : { exactly: this.port, variable };
    },
  };
}
