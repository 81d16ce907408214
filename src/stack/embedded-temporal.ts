import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { holdClaim } from './claim.ts';
import { environmentWithout } from './environment.ts';
import { openLog } from './log-file.ts';
import { onFreePorts, type PortWish } from './ports.ts';
import { findServers, stopServer, type ServerMark } from './processes.ts';
import { launch, type Server, type StopStep } from './server.ts';
import { findTemporal } from './temporal-binary.ts';
import { probeTemporal } from './temporal-health.ts';

export interface TemporalOptions {
  /** An absolute path; what is in it is a state that is taken over, with or without a server that still runs on it. */
  folder: string;
  host?: string;
  ports?: { frontend?: PortWish; ui?: PortWish };
  /** false: no Web UI. */
  hasUi?: boolean;
  namespace?: string;
  logFile?: string;
  /** false: the state is in memory and ends with the server. */
  isDurable?: boolean;
  progress?: (message: string) => void;
  signal?: AbortSignal | undefined;
}

/** A Temporal server of our own. */
export interface RunningTemporal extends Server {
  address: string;
  ports: { frontend: number; ui: number | null };
  uiUrl: string | null;
}

const PROGRAM = 'temporal';
const STOP_STEPS: readonly StopStep[] = [
  ['SIGTERM', 15_000],
  ['SIGKILL', 5_000],
];
const PRAGMAS = ['journal_mode=WAL', 'synchronous=FULL'];
/** More partitions than one let a task wait for seconds where it is the only one. */
const DYNAMIC_CONFIG = ['matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1'];
/** Go lets garbage grow to the size of what lives unless it is told that memory is scarce. */
const MEMORY_LIMIT = '320MiB';

/** Starts a Temporal development server on a folder, after taking over what is in it. */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const { folder, host = '127.0.0.1', hasUi = true, progress = () => undefined, signal } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const held = await holdClaim(join(folder, 'claim'), folder);
  try {
    await stopOrphans(folder, progress);
    const program = await findTemporal({ progress, signal });
    signal?.throwIfAborted();
    const frontend = options.ports?.frontend ?? { variable: 'HOPPER_TEMPORAL_PORT' };
    const ui = options.ports?.ui ?? { variable: 'HOPPER_TEMPORAL_UI_PORT' };
    const wishes = hasUi ? [frontend, ui] : [frontend];
    const running = await onFreePorts(host, wishes, ([port = 0, uiPort = null]) =>
      serve(options, { program, host, port, uiPort }),
    );
    return { ...running, close: () => running.close().finally(() => held.release()) };
  } catch (error) {
    await held.release();
    throw error;
  }
}

async function stopOrphans(folder: string, progress: (message: string) => void): Promise<void> {
  const mark: ServerMark = { program: PROGRAM, flag: MARK_FLAG, value: markOf(folder) };
  for (const pid of await findServers(mark)) {
    progress(`stopping the Temporal server that an earlier run left behind (process ${String(pid)})`);
    await stopServer(pid, mark, STOP_STEPS);
  }
}

interface Binding {
  program: string;
  host: string;
  port: number;
  uiPort: number | null;
}

async function serve(options: TemporalOptions, binding: Binding): Promise<RunningTemporal> {
  const { folder, namespace = 'default', logFile = join(folder, 'temporal.log'), signal } = options;
  const server = await launch({
    title: 'Temporal',
    program: binding.program,
    args: flags(options, namespace, binding),
    env: { GOMEMLIMIT: MEMORY_LIMIT, ...environmentWithout('TEMPORAL_') },
    cwd: folder,
    log: await openLog(logFile),
    stopSteps: STOP_STEPS,
  });
  const at = reachable(binding.host);
  const address = `${at}:${String(binding.port)}`;
  try {
    await server.ready(() => probeTemporal(address, namespace), signal);
  } catch (error) {
    await server.close();
    throw error;
  }
  const uiUrl = binding.uiPort === null ? null : `http://${at}:${String(binding.uiPort)}`;
  return { ...server, address, ports: { frontend: binding.port, ui: binding.uiPort }, uiUrl };
}

function flags(
  { folder, isDurable = true }: TemporalOptions,
  namespace: string,
  { host, port, uiPort }: Binding,
): string[] {
  const store = [
    '--db-filename',
    join(folder, 'temporal.db'),
    ...PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
  ];
  const ui = uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)];
  return [
    ...['server', 'start-dev', MARK_FLAG, markOf(folder)],
    ...['--ip', host, '--port', String(port), ...ui, '--namespace', namespace, '--log-level', 'warn'],
    ...(isDurable ? store : []),
    ...DYNAMIC_CONFIG.flatMap((setting) => ['--dynamic-config-value', setting]),
  ];
}

/** Keeps the person's own CLI settings out, and tells our server from all others, also one without a file. */
const MARK_FLAG = '--env-file';

function markOf(folder: string): string {
  return join(folder, 'cli.yaml');
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
