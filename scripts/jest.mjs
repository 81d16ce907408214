import { join } from 'node:path';
import { CACHE } from './root.mjs';

/** How Jest is started: its arguments for Node. */
export const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

const PURE = ['unit', 'laws'];

/** The layers that start no server. They alone must go through every branch of the domain, so they are measured meanwhile. */
export const MEASURED = [
  ...JEST,
  '--silent',
  '--selectProjects',
  ...PURE,
  '--coverage',
  '--coverageProvider=v8',
  '--collectCoverageFrom=src/domain/**/*.ts',
  '--coverageReporters=text',
  `--coverageDirectory=${join(CACHE, 'coverage')}`,
  '--coverageThreshold={"global":{"branches":100}}',
];

/** All other layers. */
export const ON_SERVERS = [...JEST, '--ignoreProjects', ...PURE];
