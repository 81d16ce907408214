import { existsSync } from 'node:fs';
import { inRoot } from './root.mjs';

const LAYERS = ['src', 'workflows', 'activities', 'migrations'].filter((folder) => existsSync(inRoot(folder)));

/** Everything that looks at the code without running it: name and arguments for Node. */
export const CHECKS = [
  ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  ['lint', ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.check.json']],
  ['imports', ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--output-type', 'err', ...LAYERS]],
  ['unused', ['node_modules/knip/bin/knip.js', '--no-progress']],
];
