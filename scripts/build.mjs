// Compiles to dist/ what has changed: `node scripts/build.mjs`, or `ensureBuilt()` from another script.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { alone } from './build-lock.mjs';
import { filesIn, fingerprint } from './fingerprint.mjs';
import { inRoot, isProgram, writeWhole } from './root.mjs';

const FOLDERS = ['src', 'workflows', 'activities', 'migrations'];
const INPUTS = ['tsconfig.json', 'package-lock.json', 'scripts/build.mjs', 'scripts/workflow-bundle.mjs'];
const STAMP = 'dist/.built';
const BUNDLE = 'dist/workflow-bundle.js';
const TRIES = 3;

/** Leaves dist/ as the sources are now. Costs a few milliseconds when it is so already. */
export async function ensureBuilt() {
  if (isFresh(sourceState())) return;
  await alone(inRoot('node_modules/.cache/hopper/build.lock'), build);
}

/** The stamp is removed first and written last: a build that was killed, or overtaken by an edit, is never taken for fresh. */
async function build() {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const state = sourceState();
    if (isFresh(state)) return;
    if (attempt === 1) console.error('hopper: building …');
    rmSync(inRoot(STAMP), { force: true });
    await compile();
    removeOrphans();
    if (existsSync(inRoot('workflows/index.ts'))) node('the workflow bundle', ['scripts/workflow-bundle.mjs', BUNDLE]);
    if (sourceState() === state) return writeWhole(inRoot(STAMP), state);
  }
  throw new Error('the sources changed while they were built');
}

function isFresh(state) {
  const stamp = inRoot(STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === state && expectedOutputs().every(exists);
}

const exists = (file) => existsSync(inRoot(file));
const sources = () => filesIn(FOLDERS).filter((file) => file.endsWith('.ts'));
const sourceState = () => fingerprint([...sources(), ...INPUTS]);
const outputOf = (source) => `dist/${source.slice(0, -'.ts'.length)}.js`;

function expectedOutputs() {
  return exists('workflows/index.ts') ? [...sources().map(outputOf), BUNDLE] : sources().map(outputOf);
}

async function compile() {
  await runCompiler();
  if (sources().map(outputOf).every(exists)) return;
  rmSync(inRoot('dist/.tsbuildinfo'), { force: true }); // the compiler believed its notes: someone deleted outputs
  await runCompiler();
}

/** In a thread, not a process: the compiler of a killed build must not go on writing into the next one's output. */
async function runCompiler() {
  const worker = new Worker(inRoot('node_modules/typescript/lib/tsc.js'), {
    argv: ['-p', inRoot('tsconfig.json')],
    stdout: true,
  });
  worker.stdout.pipe(process.stderr);
  const code = await new Promise((resolve, reject) => worker.on('error', reject).on('exit', resolve));
  if (code !== 0) throw new Error('the compiler found errors');
}

/** What is left of a deleted source would still be loaded: a migration above all. */
function removeOrphans() {
  const wanted = new Set(sources().map((file) => file.slice(0, -'.ts'.length)));
  for (const file of filesIn(FOLDERS.map((folder) => `dist/${folder}`))) {
    const name = file.slice('dist/'.length).replace(/\.(js|js\.map|d\.ts)$/, '');
    if (!wanted.has(name)) rmSync(inRoot(file), { force: true });
  }
}

function node(what, args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: inRoot(), stdio: ['ignore', 2, 2] });
  if (error !== undefined) throw new Error(`${what} cannot be run`, { cause: error });
  if (status !== 0) throw new Error(`${what} failed`);
}

if (isProgram(import.meta.url)) {
  try {
    await ensureBuilt();
  } catch (error) {
    console.error(`hopper: ${error.message}`);
    process.exitCode = 1;
  }
}
