// A process of its own that holds the shared test servers: it stops them when Jest asks, and also when Jest is gone.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../../src/stack/embedded-postgres.ts';
import { startTemporal } from '../../../src/stack/embedded-temporal.ts';
import { findTestServer } from '../../../src/stack/test-server.ts';

type Kind = 'postgres' | 'temporal' | 'time-skipping';
type Environment = Record<string, string>;

const folder = await mkdtemp(join(tmpdir(), 'hopper-test-servers-'));
const stopping = new AbortController();
const held = new Map<Kind, Promise<Environment>>();
const closers: (() => Promise<void>)[] = [];
const ANY_PORT = { variable: 'PORT' };
const common = { progress: say, signal: stopping.signal };

const VARIABLE = {
  postgres: 'HOPPER_TEST_DATABASE_URL',
  temporal: 'HOPPER_TEST_TEMPORAL_ADDRESS',
  'time-skipping': 'HOPPER_TEST_SERVER_PATH',
} as const satisfies Record<Kind, string>;

const START = {
  async postgres() {
    const server = await startPostgres({
      ...common,
      folder: join(folder, 'postgres'),
      port: ANY_PORT,
      isDurable: false,
      maxConnections: 200,
    });
    closers.push(() => server.close());
    return { [VARIABLE.postgres]: server.databaseUrl };
  },
  async temporal() {
    const ports = { frontend: ANY_PORT, ui: ANY_PORT };
    const server = await startTemporal({
      ...common,
      folder: join(folder, 'temporal'),
      ports,
      hasUi: false,
      isDurable: false,
    });
    closers.push(() => server.close());
    return { [VARIABLE.temporal]: server.address };
  },
  async 'time-skipping'() {
    return { [VARIABLE['time-skipping']]: await findTestServer(common) };
  },
} satisfies Record<Kind, () => Promise<Environment>>;

process.on('message', (message) => void answer(message as { servers: Kind[] }));
process.on('disconnect', () => void stop());
// The terminal sends Ctrl-C to everyone; Jest decides when the servers are no longer needed, and its end is noticed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

async function answer({ servers }: { servers: Kind[] }): Promise<void> {
  const started = await Promise.all(servers.map((kind) => start(kind).catch((error: unknown) => problem(kind, error))));
  process.send?.(Object.assign({}, ...started) as Environment);
}

function problem(kind: Kind, error: unknown): Environment {
  say(String(error));
  return { [`${VARIABLE[kind]}_PROBLEM`]: String(error) };
}

function start(kind: Kind): Promise<Environment> {
  const running = held.get(kind) ?? START[kind]();
  held.set(kind, running);
  return running;
}

async function stop(): Promise<void> {
  stopping.abort();
  await Promise.allSettled(held.values());
  await Promise.allSettled(closers.map((close) => close()));
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}

function say(message: string): void {
  process.stderr.write(`test servers: ${message}\n`);
}
