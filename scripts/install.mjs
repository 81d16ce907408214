import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { inRoot, writeWhole } from './root.mjs';

const NPMS_OWN_RECORD = inRoot('node_modules/.package-lock.json');
const STAMP = inRoot('node_modules/.hopper-installed');
const BIN_LINK = inRoot('node_modules/.bin/hopper');

/** Installs exactly what the lock file says, unless that is what lies there already. */
export function ensureInstalled() {
  if (!isInstalled()) {
    console.error('hopper: installing dependencies (npm ci) …');
    const { status, error } = npm(['ci', '--no-audit', '--no-fund']);
    if (error !== undefined) throw new Error('npm cannot be run', { cause: error });
    if (status !== 0) throw new Error(`npm ci ended with exit code ${status}`);
  }
  rememberInstallation();
}

/** Is node_modules what package-lock.json asks for, on this kind of machine? */
export function isInstalled() {
  try {
    return existsSync(NPMS_OWN_RECORD) && readFileSync(STAMP, 'utf8') === wanted();
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Notes what was installed, and lets `npx hopper` find this clone's own command without asking a registry. */
export function rememberInstallation() {
  if (!existsSync(NPMS_OWN_RECORD)) return; // npx in a bare clone runs the scripts of an installation without one
  if (!isInstalled()) writeWhole(STAMP, wanted());
  linkBin();
}

function wanted() {
  const lock = createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform} ${process.arch}\n`;
}

function npm(args) {
  const own = process.env.npm_execpath; // set when npm itself started us: the same npm then
  const options = { cwd: inRoot(), stdio: ['ignore', 2, 2] }; // standard output belongs to the last line of `npm test`
  return own?.endsWith('.js') ? spawnSync(process.execPath, [own, ...args], options) : spawnSync('npm', args, options);
}

function linkBin() {
  if (existsSync(BIN_LINK)) return;
  if (lstatSync(BIN_LINK, { throwIfNoEntry: false }) !== undefined) rmSync(BIN_LINK); // it points to nothing
  mkdirSync(inRoot('node_modules/.bin'), { recursive: true });
  try {
    symlinkSync('../../bin/hopper.js', BIN_LINK);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error; // another process was quicker
  }
}
