// `npm run verify`: every check and every test, each with its time. The last line on standard output is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from './checks.mjs';
import { CACHE, inRoot } from './root.mjs';

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const SUMMARY = join(CACHE, `jest-${process.pid}.json`);
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const running = new Set();
const counted = { passed: 0, failed: 0, skipped: 0 };
let isComplete = false;

process.on('exit', sayLastLine);
for (const signal of SIGNALS) process.on(signal, stop);

await atMost(2, CHECKS, ([name, args]) => check(name, args));
await check('build', ['scripts/build.mjs']);
await test();
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

async function test() {
  mkdirSync(CACHE, { recursive: true });
  const { code, seconds } = await node([...JEST, '--json', `--outputFile=${SUMMARY}`], 2);
  const found = takeSummary();
  counted.passed += found.numPassedTests;
  counted.skipped += found.numPendingTests + found.numTodoTests;
  const failed = found.numFailedTests + found.numRuntimeErrorTestSuites;
  const isSilentFailure = failed === 0 && (code !== 0 || found.numPassedTests === 0);
  counted.failed += isSilentFailure ? 1 : failed;
  console.error(`${failed === 0 && !isSilentFailure ? 'ok    ' : 'FAILED'} tests (${seconds} s)`);
}

function takeSummary() {
  try {
    return JSON.parse(readFileSync(SUMMARY, 'utf8'));
  } catch (error) {
    console.error('Jest left no summary:', error.message);
    return { numPassedTests: 0, numPendingTests: 0, numTodoTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 1 };
  } finally {
    rmSync(SUMMARY, { force: true });
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

async function atMost(limit, items, work) {
  const queue = [...items];
  const next = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: limit }, next));
}
