import { execFile, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const STOP_LIMIT_MS = 60_000;
const run = promisify(execFile);

let holder;

/**
 * Makes available what a layer of tests needs, and tells the tests where it is through their environment.
 * All layers of one run share it: what has been started for one is there for the next.
 */
export async function need(...kinds) {
  const servers = kinds.filter((kind) => ['postgres', 'temporal', 'time-skipping'].includes(kind));
  await Promise.all([
    servers.length > 0 && start(servers),
    kinds.includes('bundle') && bundle(),
    kinds.includes('dist') && script('build.mjs'),
  ]);
}

/** Stops what was started; a run that never comes here is noticed by the holder itself. */
export async function release() {
  if (holder === undefined || holder.exitCode !== null || holder.signalCode !== null) return;
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  const impatience = setTimeout(() => holder.kill('SIGKILL'), STOP_LIMIT_MS);
  holder.disconnect();
  await ended;
  clearTimeout(impatience);
}

async function start(servers) {
  holder ??= fork(fileURLToPath(new URL('holder.ts', import.meta.url)), {
    execArgv: ['--import', new URL('../../../scripts/typescript-loader.mjs', import.meta.url).href],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const answer = await ask(holder, servers);
  if (answer.problem !== undefined) {
    await release();
    throw new Error(`the test servers did not start: ${answer.problem}`);
  }
  Object.assign(process.env, answer.environment);
}

function ask(child, servers) {
  return new Promise((resolve, reject) => {
    const ended = (code, signal) => reject(new Error(`the holder of the test servers ended with ${code ?? signal}`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer);
    });
    child.send({ servers });
  });
}

async function bundle() {
  if (!existsSync(new URL('../../../workflows/index.ts', import.meta.url))) return;
  process.env.HOPPER_TEST_WORKFLOW_BUNDLE = (await script('workflow-bundle.mjs')).trim();
}

async function script(name) {
  try {
    return (await run(process.execPath, [`scripts/${name}`], { cwd: ROOT })).stdout;
  } catch (error) {
    throw new Error(`scripts/${name} failed:\n${error.stderr}`, { cause: error });
  }
}
