// `npm run verify`: every check and every test, each with its time. The last line on standard output is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from './checks.mjs';
import { MEASURED, ON_SERVERS } from './jest.mjs';
import { CACHE, inRoot } from './root.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const running = new Set();
const counted = { passed: 0, failed: 0, skipped: 0 };
let isComplete = false;

process.on('exit', sayLastLine);
for (const signal of SIGNALS) process.on(signal, stop);

const quick = CHECKS.map(([name, args]) => () => check(name, args));
await atMost(2, [() => test('unit tests, laws and their coverage', MEASURED, 'pipe'), ...quick]);
await check('build', ['scripts/build.mjs']);
await test('tests on servers', ON_SERVERS, 2);
isComplete = true;

/** Runs also when verify crashed or was stopped: then at least one failure is counted. */
function sayLastLine() {
  if (!isComplete) counted.failed += 1;
  if (counted.failed > 0) process.exitCode = 1;
  const skipped = counted.skipped > 0 ? `, ${counted.skipped} skipped` : '';
  process.stdout.write(`${counted.passed} passed, ${counted.failed} failed${skipped}\n`);
}

function stop() {
  for (const child of running) child.kill('SIGTERM');
  process.exit(1);
}

async function check(name, args) {
  const { code, output, seconds } = await node(args, 'pipe');
  const isGood = code === 0;
  counted[isGood ? 'passed' : 'failed'] += 1;
  console.error(`${isGood ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)${isGood ? '' : `\n${output}`}`);
}

async function test(name, args, shown) {
  mkdirSync(CACHE, { recursive: true });
  const summary = join(CACHE, `jest-${process.pid}-${args === MEASURED ? 'pure' : 'servers'}.json`);
  const { code, output, seconds } = await node([...args, '--json', `--outputFile=${summary}`], shown);
  const found = take(summary);
  counted.passed += found.numPassedTests;
  counted.skipped += found.numPendingTests + found.numTodoTests;
  const failed = found.numFailedTests + found.numRuntimeErrorTestSuites;
  const isSilentFailure = failed === 0 && (code !== 0 || found.numPassedTests === 0);
  counted.failed += isSilentFailure ? 1 : failed;
  const isGood = failed === 0 && !isSilentFailure;
  console.error(`${isGood ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)${isGood ? '' : `\n${output}`}`);
}

function take(summary) {
  try {
    return JSON.parse(readFileSync(summary, 'utf8'));
  } catch (error) {
    console.error('Jest left no summary:', error.message);
    return { numPassedTests: 0, numPendingTests: 0, numTodoTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 1 };
  } finally {
    rmSync(summary, { force: true });
  }
}

function node(args, output) {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd: inRoot(), stdio: ['ignore', output, output] });
  running.add(child);
  const chunks = [];
  child.stdout?.on('data', (chunk) => chunks.push(chunk));
  child.stderr?.on('data', (chunk) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      running.delete(child);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      resolve({ code, seconds, output: Buffer.concat(chunks).toString() });
    });
  });
}

async function atMost(limit, works) {
  const queue = [...works];
  const next = async () => {
    for (let work = queue.shift(); work !== undefined; work = queue.shift()) await work();
  };
  await Promise.all(Array.from({ length: limit }, next));
}
