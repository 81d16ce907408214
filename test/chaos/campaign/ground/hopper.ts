import { HopperClient } from '../../../../src/client/hopper-client.ts';
import { migrateDatabase } from '../../../../src/composition.ts';
import { readSettings } from '../../../../src/config/settings.ts';
import type { InstanceConfig } from '../../../../src/domain/instance.schema.ts';
import type { Scope } from '../../../../src/domain/instance.ts';
import type { Ground } from '../scenario.ts';
import { type Api, startApi, startWorker } from './hopper-processes.ts';
import { type Servers, startServers } from './servers.ts';
import type { Victim } from './victim.ts';

/** A tree as a scenario writes it. */
export interface Tree {
  readonly name: string;
  readonly scope: Scope;
  readonly config?: InstanceConfig;
  readonly children?: readonly Tree[];
}

export interface HopperOptions {
  readonly tree: Tree;
  readonly workers?: number;
  readonly apis?: number;
  /** Of every process of Hopper; DATABASE_URL and TEMPORAL_ADDRESS may lead through something. Put down in `undo` what has to be closed. */
  readonly env?: (servers: Servers, undo: (() => Promise<void>)[]) => Promise<Readonly<Record<string, string>>>;
}

/** A Hopper of a scenario's own, every part of it a process that can be killed. */
export interface Hopper extends Servers {
  readonly workers: readonly Victim[];
  readonly apis: readonly Api[];
  /** A client of the first API. */
  readonly client: HopperClient;
  /** With this a scenario starts what it needs besides. */
  readonly env: Readonly<Record<string, string>>;
  readonly idOf: (name: string) => string;
}

/** Does something to a Hopper of its own; whatever was started is stopped afterwards, also when the campaign is stopped. */
export async function onHopper<Result>(
  ground: Ground,
  options: HopperOptions,
  work: (hopper: Hopper) => Promise<Result>,
): Promise<Result> {
  const undo: (() => Promise<void>)[] = [];
  try {
    const hopper = await startHopper(ground, options, undo);
    const working = work(hopper);
    const result = await Promise.race([working, rejectedOn(ground.stopping)]);
    const ownEnds = [...hopper.workers, ...hopper.apis].flatMap((each) => each.ownEnds);
    if (ownEnds.length > 0) throw new Error(ownEnds.join('; '));
    return result;
  } finally {
    for (const step of undo.toReversed()) await step().catch(() => undefined);
  }
}

async function startHopper(ground: Ground, options: HopperOptions, undo: (() => Promise<void>)[]): Promise<Hopper> {
  const { tree, workers = 1, apis = 1 } = options;
  const servers = await startServers(ground, undo);
  const env = {
    DATABASE_URL: servers.databaseUrl,
    TEMPORAL_ADDRESS: servers.temporalAddress,
    HOPPER_HIERARCHY: '/dev/null',
    HOPPER_DATA_DIR: ground.folder,
    ...(await options.env?.(servers, undo)),
  };
  await migrateDatabase(readSettings({ ...env, DATABASE_URL: servers.databaseUrl }));
  const whole = { ...process.env, NODE_OPTIONS: '', ...env };
  const { folder } = ground;
  const several = <Part extends Victim>(count: number, start: (no: string) => Promise<Part>): Promise<Part[]> =>
    Promise.all(
      Array.from({ length: count }, async (_, at) => {
        const part = await start(String(at + 1));
        undo.push(async () => {
          await part.kill(); // nobody waits for its last words
          await part.stop();
        });
        return part;
      }),
    );
  const running = {
    workers: await several(workers, (no) => startWorker(`worker-${no}`, whole, folder)),
    apis: await several(apis, (no) => startApi(`api-${no}`, whole, folder)),
  };
  const client = new HopperClient({ url: running.apis[0]?.url ?? '' });
  const ids = await plant(client, tree, null);
  const idOf = (name: string): string => {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`no instance ${name} in this tree`);
    return id;
  };
  return { ...servers, ...running, client, env, idOf };
}

async function plant(client: HopperClient, tree: Tree, parentId: string | null): Promise<Map<string, string>> {
  const { name, scope, config = {}, children = [] } = tree;
  const { id } = await client.instances.create({ name, scope, parent_id: parentId, config });
  await client.instances.move(id, 'start');
  const ids = new Map([[name, id]]);
  for (const child of children) for (const [key, value] of await plant(client, child, id)) ids.set(key, value);
  return ids;
}

function rejectedOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
