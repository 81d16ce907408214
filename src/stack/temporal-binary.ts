import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, exists, userCacheRoot } from './cache.ts';
import { runProgram, withReminders } from './run-program.ts';
import { downloadWithSdk } from './sdk-download.ts';
import { StackError } from './stack-error.ts';

const VERSION = '1.5.1';
const MODULE = `github.com/temporalio/cli/cmd/temporal@v${VERSION}`;

export interface FindOptions {
  progress: (message: string) => void;
  signal?: AbortSignal | undefined;
  /** The environment to look in; tests pass their own. */
  env?: NodeJS.ProcessEnv | undefined;
  /** How to download; tests pass their own. */
  download?: typeof downloadWithSdk;
}

/** The path of a Temporal CLI with its server: from the PATH, else from the cache, else downloaded, else built with Go. */
export async function findTemporal(options: FindOptions): Promise<string> {
  const { env = process.env } = options;
  if (await answers('temporal', env)) return 'temporal';
  const entry = { root: userCacheRoot(env), name: `temporal-${VERSION}` };
  const file = join(entry.root, entry.name, 'temporal');
  if (!(await exists(file))) await cached({ ...entry, ...options, fill: (staging) => obtain(staging, options) });
  return file;
}

async function obtain(
  staging: string,
  { progress, signal, env = process.env, download = downloadWithSdk }: FindOptions,
): Promise<void> {
  const file = join(staging, 'temporal');
  progress(`downloading the Temporal server ${VERSION}`);
  const target = { folder: staging, file: 'temporal' };
  if ((await download({ kind: 'createLocal', version: `v${VERSION}`, target, signal })) && (await answers(file, env)))
    return;
  signal?.throwIfAborted();
  await rm(file, { force: true });
  const built = await build(staging, { progress, signal, env });
  signal?.throwIfAborted();
  if (built !== null || !(await answers(file, env))) throw notFound(built ?? 'what Go built does not run');
  await chmod(file, 0o755);
}

/** Builds the server; null: done, else why not. */
async function build(staging: string, { progress, signal, env = process.env }: FindOptions): Promise<string | null> {
  if ((await runProgram('go', ['version'], { env })).code !== 0) return 'Go is not installed';
  const what = 'building the Temporal server with Go';
  progress(`${what} (about 4 minutes, once)`);
  const run = (): ReturnType<typeof runProgram> =>
    runProgram('go', ['install', MODULE], { env: { ...env, GOBIN: staging }, signal });
  const { code, output } = await withReminders(what, progress, run);
  return code === 0 ? null : `go install failed:\n${output}`;
}

async function answers(program: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { code, output } = await runProgram(program, ['--version'], { env, timeoutMs: 20_000 });
  return code === 0 && output.startsWith('temporal version ');
}

function notFound(detail: string): StackError {
  return new StackError(
    'engine_not_found',
    `no Temporal server was found, it could not be downloaded, and it could not be built: ${detail}`,
    'One of these helps: put the Temporal CLI (`temporal`) on the PATH; install Go 1.25 or newer and start again; or set TEMPORAL_ADDRESS to a Temporal server that runs elsewhere.',
  );
}
