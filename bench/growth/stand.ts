import { randomBytes } from 'node:crypto';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { Sequelize } from 'sequelize';
import { migrateDatabase } from '../../src/composition.ts';
import { type Settings, readSettings } from '../../src/config/settings.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { defineModels } from '../../src/persistence/models/models.ts';
import { connectClient } from '../../src/temporal/connect.ts';
import { registerSearchAttributes } from '../../src/temporal/search-attributes.ts';
import { portsOn } from '../claims/claimers.ts';
import type { OwnPlace } from '../own-database.ts';
import { fillFinished } from './finished.ts';
import { createLive } from './lives.ts';
import { type TableSizes, bytesPerTask, tableSizes } from './sizes.ts';
import { type Tree, plantTree } from './tree.ts';

/** A whole Hopper of its own size: a database, and a namespace of the Temporal that all stands share. */
export interface Stand {
  /** By which it is told from the others: its finished tasks, or its projects. */
  readonly size: number;
  readonly tree: Tree;
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly databaseUrl: string;
  /** Bytes by table of each finished task; null where there are none. */
  readonly bytesPerFinished: TableSizes | null;
}

export interface StandWish {
  readonly size: number;
  readonly projects: number;
  readonly finished: number;
}

const RETENTION_MS = 86_400_000;
/** Until every orchestration has finished tasks that can be copied; they are taken in turns. */
const MOST_LIVES = 50;

/** Builds a stand: its tree, and its finished tasks, which are copies of some that were done. */
export async function buildStand(place: OwnPlace, temporalAddress: string, wish: StandWish): Promise<Stand> {
  const name = `stand_${randomBytes(4).toString('hex')}`;
  const databaseUrl = await createDatabase(place.databaseUrl, name);
  await createNamespace(temporalAddress, name);
  const env = environmentOf(databaseUrl, temporalAddress, name);
  const settings = readSettings(env);
  await migrateDatabase(settings);
  const database = openDatabase(databaseUrl, { maxConnections: 1, isPatient: true });
  try {
    const tree = await plantTree(database, wish.projects, 'auto');
    await liveEverywhere(database, tree);
    const before = await tableSizes(database);
    await fillFinished(database, { tasks: wish.finished, stopping: place.stopping, onBatch: telling(place, wish) });
    const after = await tableSizes(database);
    await database.query('VACUUM ANALYZE');
    const bytesPerFinished = wish.finished === 0 ? null : bytesPerTask(before, after, wish.finished);
    return { size: wish.size, tree, databaseUrl, env, settings, bytesPerFinished };
  } finally {
    await database.close();
  }
}

/** What a process of Hopper's is told about its servers. */
export function environmentOf(databaseUrl: string, temporalAddress: string, namespace: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: namespace,
    HOPPER_HIERARCHY: '/dev/null',
  };
}

async function createDatabase(url: string, name: string): Promise<string> {
  const server = openDatabase(url, { maxConnections: 1, isPatient: true });
  try {
    await server.query(`CREATE DATABASE ${name}`);
  } finally {
    await server.close();
  }
  const own = new URL(url);
  own.pathname = name;
  return own.href;
}

/** With the search attributes, so that tasks may be submitted before the worker is there. */
async function createNamespace(address: string, namespace: string): Promise<void> {
  const { client, close } = connectClient({ address, namespace });
  try {
    const workflowExecutionRetentionPeriod = msToTs(RETENTION_MS);
    await client.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    await registerSearchAttributes(client.connection, namespace);
  } finally {
    await close();
  }
}

async function liveEverywhere(database: Sequelize, { globalId, orchestrationIds }: Tree): Promise<void> {
  const ports = portsOn(defineModels(database));
  await ports.policyInForce(null); // publishes it, which needs a connection that no decision holds
  const live = createLive(ports);
  for (let lives = 0; lives < MOST_LIVES; lives += 1) {
    await live(globalId);
    const [rows] = await database.query('SELECT DISTINCT instance_id FROM tasks');
    if (rows.length === orchestrationIds.length) return;
  }
  throw new Error('the tasks do not come to every orchestration');
}

function telling({ progress }: OwnPlace, { finished }: StandWish): (done: number) => void {
  const step = Math.max(100_000, finished / 10);
  return (done) => {
    if (done % step === 0) progress(`  ${String(done)} of ${String(finished)} finished tasks`);
  };
}
