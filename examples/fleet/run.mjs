// Three fleets of agents on one Hopper of their own: `npm run example:fleet`. `--tasks N` for another number of tasks.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { accountOf, wordsOf } from './account.mjs';
import { tasksOf } from './tasks.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '../..');
const HOPPER = join(ROOT, 'bin/hopper.js');
const FLEETS = { fast: 4, steady: 2, slow: 1 };
const FINAL = new Set(['completed', 'failed', 'rejected', 'cancelled']);
const KILLED = 'slow';

const count = Number(parseArgs({ options: { tasks: { type: 'string', default: '200' } } }).values.tasks);
if (!Number.isInteger(count) || count < 1 || count > 2_000) {
  process.stderr.write('--tasks must be a number from 1 to 2000\n');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'hopper-fleet-'));
const env = {
  ...process.env,
  HOPPER_DATA_DIR: folder,
  HOPPER_CONFIG: join(HERE, 'policy.yaml'),
  HOPPER_HIERARCHY: join(HERE, 'hierarchy.yaml'),
  ...{ HOPPER_HTTP_PORT: '0', HOPPER_PG_PORT: '0', HOPPER_TEMPORAL_PORT: '0', HOPPER_TEMPORAL_UI_PORT: '0' },
};
const running = new Set();

process.once('SIGINT', () => void stopAll().then(() => process.exit(130)));
try {
  process.exitCode = await main();
} finally {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  say('starting a Hopper of its own …');
  start('up', [HOPPER, 'up']);
  const stack = await stackFile();
  const { HopperClient } = await import('hopper'); // built by the time that it runs
  const client = new HopperClient({ url: stack.http_url });
  say(`it is at ${stack.http_url}, its workflows at ${stack.temporal_ui_url}`);
  const begun = performance.now();
  const ids = [];
  for (const task of tasksOf(count)) ids.push((await client.tasks.submit(task)).id);
  say(`${String(count)} tasks submitted; the fleets begin`);
  const fleets = new Map(Object.keys(FLEETS).map((team) => [team, startFleet(team)]));
  await until(client, ids, fleets);
  const account = await accountOf(client, ids);
  say(['', ...wordsOf(account, (performance.now() - begun) / 1_000)].join('\n'));
  const { findings } = await client.audit.run();
  say(findings.length === 0 ? 'the audit finds every promise kept' : JSON.stringify(findings, null, 2));
  return account.problems.length + findings.length === 0 ? 0 : 1;
}

function startFleet(team) {
  const agent = ['--', process.execPath, join(HERE, 'agent.mjs'), team];
  const worker = ['--worker-id', `${team}-agents`, '--concurrency', String(FLEETS[team]), '--json'];
  return start(`the ${team} fleet`, [HOPPER, 'work', team, ...worker, ...agent]);
}

/** Waits until every task is over; half way the machine of one fleet is switched off, and later on again. */
async function until(client, ids, fleets) {
  let isKilled = false;
  for (const open = new Set(ids); open.size > 0;) {
    await sleep(500);
    for (const task of await Promise.all([...open].map((id) => client.tasks.get(id))))
      if (FINAL.has(task.status)) open.delete(task.id);
    progress(ids.length - open.size, ids.length);
    if (!isKilled && open.size < ids.length / 2 && (await isAtWork(client, KILLED))) {
      isKilled = true;
      say(`\nthe ${KILLED} fleet is killed in the middle of its work, and starts again`);
      kill(fleets.get(KILLED), 'SIGKILL');
      fleets.set(KILLED, startFleet(KILLED));
    }
  }
}

async function isAtWork(client, name) {
  const { items } = await client.instances.list({ limit: 200 });
  const { id } = items.find((instance) => instance.name === name);
  return (await client.tasks.list({ instance_id: id, status: 'in_progress', limit: 1 })).items.length > 0;
}

function progress(over, of) {
  if (process.stdout.isTTY)
    process.stdout.write(`\r${String(over)} of ${String(of)} tasks are over${over === of ? '\n' : ''}`);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

async function stackFile() {
  const path = join(folder, 'stack.json');
  for (;;) {
    if (existsSync(path)) {
      const stack = JSON.parse(readFileSync(path, 'utf8'));
      const answer = await globalThis.fetch(`${stack.http_url}/readyz`).catch(() => null);
      if (answer?.ok === true) return stack;
    }
    if (running.size === 0) throw new Error('Hopper did not start');
    await sleep(200);
  }
}

/** Each in a group of its own, so that an end by hand reaches what it has started. */
function start(name, args) {
  const child = spawn(process.execPath, args, { env, cwd: ROOT, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const said = [];
  child.stderr.on('data', (words) => void said.push(String(words)));
  running.add(child);
  child.once('exit', (code) => {
    running.delete(child);
    if (code !== null && code !== 0) say(`${name} ended with ${String(code)}:\n${said.join('')}`);
  });
  return child;
}

function kill(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

async function stopAll() {
  const ended = [...running].map((child) => new Promise((resolve) => void child.once('exit', resolve)));
  for (const child of running) kill(child, 'SIGTERM');
  await Promise.all(ended);
}
