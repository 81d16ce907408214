import { existsSync } from 'node:fs';

const transform = {
  '\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' }, sourceMaps: 'inline' },
  ],
};
const roots = ['src', 'workflows', 'activities', 'migrations', 'test', 'scripts', 'examples'];

/** Each layer of tests is a project: `npm run jest -- --selectProjects unit laws`. The set-up starts the servers that it needs. */
const project = (name, setup) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  testTimeout: 60_000,
  roots: roots.filter((folder) => existsSync(folder)).map((folder) => `<rootDir>/${folder}`),
  extensionsToTreatAsEsm: ['.ts'],
  transform,
  ...(setup && {
    globalSetup: `<rootDir>/test/support/servers/${setup}.setup.mjs`,
    globalTeardown: '<rootDir>/test/support/servers/servers.teardown.mjs',
  }),
});

export default {
  maxWorkers: 2,
  maxConcurrency: 2,
  testTimeout: 60_000,
  projects: [
    project('unit'),
    project('laws'),
    project('architecture', 'bundle'),
    project('stack'),
    project('contract', 'database'),
    project('migrations', 'database'),
    project('workflow', 'time-skipping'),
    project('http', 'servers'),
    project('cli', 'product'),
    project('e2e', 'product'),
    project('model', 'servers'),
    project('chaos', 'product'),
  ],
};
