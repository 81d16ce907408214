// `npm test`: installs what is missing, then verifies. Whatever happens, the last line on standard output counts it.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ensureInstalled } from './install.mjs';
import { inRoot } from './root.mjs';

try {
  ensureInstalled();
} catch (error) {
  console.error(`hopper: ${error.message}`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const child = spawn(process.execPath, [inRoot('scripts/verify.mjs')], {
  cwd: inRoot(),
  stdio: ['ignore', 'inherit', 'inherit'],
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  if (signal !== null) console.log('0 passed, 1 failed'); // killed before it could say so itself
  process.exit(code ?? 128 + constants.signals[signal]);
});
