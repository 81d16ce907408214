import { execFile, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const STOP_LIMIT_MS = 60_000;
const run = promisify(execFile);

let holder;

/**
 * Makes available what a layer of tests needs, and tells the tests where it is through their environment.
 * All layers of one run share it: what has been started for one is there for the next. What cannot be had fails the tests
 * that ask for it, and no others: they find the reason beside the address that is missing.
 */
export async function need(...kinds) {
  const servers = kinds.filter((kind) => ['postgres', 'temporal', 'time-skipping'].includes(kind));
  await Promise.all([
    servers.length > 0 && orProblem('SERVERS', () => start(servers)),
    kinds.includes('bundle') && orProblem('WORKFLOW_BUNDLE', bundle),
    kinds.includes('dist') && orProblem('PROGRAM', build),
  ]);
}

async function orProblem(what, work) {
  try {
    await work();
  } catch (error) {
    process.env[`HOPPER_TEST_${what}_PROBLEM`] = error.message;
    process.stderr.write(`\ntest servers: ${error.message}\n`);
  }
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
  Object.assign(process.env, await ask(holder, servers));
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
  process.env.HOPPER_TEST_WORKFLOW_BUNDLE = (await script('workflow-bundle.mjs')).trim();
}

async function build() {
  await script('build.mjs');
  process.env.HOPPER_TEST_PROGRAM = fileURLToPath(new URL('../../../bin/hopper.js', import.meta.url));
}

async function script(name) {
  try {
    return (await run(process.execPath, [`scripts/${name}`], { cwd: ROOT })).stdout;
  } catch (error) {
    throw new Error(`scripts/${name} failed:\n${error.stderr}`, { cause: error });
  }
}
