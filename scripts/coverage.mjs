// `npm run coverage`: the pure core is tested in every branch, by unit tests and laws alone. Fails below 100 %.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CACHE, inRoot } from './root.mjs';

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const MEASURED = [
  '--coverage',
  '--coverageProvider=v8',
  '--collectCoverageFrom=src/domain/**/*.ts',
  '--coverageReporters=text',
  `--coverageDirectory=${join(CACHE, 'coverage')}`,
  '--coverageThreshold={"global":{"branches":100}}',
];

const args = [...JEST, '--selectProjects', 'unit', 'laws', '--silent', ...MEASURED];
const { status, signal } = spawnSync(process.execPath, args, { cwd: inRoot(), stdio: 'inherit' });
if (signal !== null) process.kill(process.pid, signal);
process.exitCode = status ?? 1;
