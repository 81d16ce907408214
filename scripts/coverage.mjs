// `npm run coverage`: the pure core is tested in every branch, by unit tests and laws alone. Fails below 100 %.
import { spawnSync } from 'node:child_process';
import { MEASURED } from './jest.mjs';
import { inRoot } from './root.mjs';

const { status, signal } = spawnSync(process.execPath, MEASURED, { cwd: inRoot(), stdio: 'inherit' });
if (signal !== null) process.kill(process.pid, signal);
process.exitCode = status ?? 1;
