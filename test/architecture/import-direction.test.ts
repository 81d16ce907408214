import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RULES = join(ROOT, '.dependency-cruiser.cjs');
const LAYERS = ['src', 'workflows', 'activities', 'migrations'];
const PACKAGES = ['zod', 'sequelize', 'pg', 'fastify', 'commander', '@temporalio/client', '@temporalio/workflow'];
const run = promisify(execFile);

interface Violation {
  from: string;
  rule: { name: string };
}

/** `[importing file, what it imports, the rule that must catch it]`; a leading `type ` makes it an `import type`. */
const FORBIDDEN = [
  ['src/domain/a', 'src/persistence/models/model', 'domain-looks-down-only'],
  ['src/domain/b', 'type src/service/hopper-service', 'domain-looks-down-only'],
  ['src/domain/c', 'src/domain/task.schema', 'domain-sees-types-only'],
  ['src/domain/d', 'zod', 'domain-uses-its-own-packages'],
  ['src/domain/e', 'node:fs', 'domain-touches-no-machine'],
  ['src/domain/f.schema', 'src/config/config', 'schemas-looks-down-only'],
  ['src/domain/g.schema', 'pg', 'schemas-uses-its-own-packages'],
  ['src/domain/h.schema', 'node:fs', 'schemas-touches-no-machine'],
  ['src/persistence/a', 'src/use-cases/verb', 'persistence-looks-down-only'],
  ['src/persistence/b', 'fastify', 'persistence-uses-its-own-packages'],
  ['migrations/0002-a', 'src/domain/task', 'migrations-looks-down-only'],
  ['migrations/0003-b', 'src/persistence/models/model', 'migrations-sees-types-only'],
  ['migrations/0004-c', 'zod', 'migrations-uses-its-own-packages'],
  ['src/use-cases/a', 'src/service/hopper-service', 'use-cases-looks-down-only'],
  ['src/use-cases/b', 'sequelize', 'use-cases-sees-package-types-only'],
  ['src/use-cases/c', 'pg', 'use-cases-uses-its-own-packages'],
  ['activities/a', 'src/persistence/repositories/repository', 'activities-looks-down-only'],
  ['activities/b', '@temporalio/client', 'activities-uses-its-own-packages'],
  ['workflows/a', 'src/use-cases/verb', 'workflows-looks-down-only'],
  ['workflows/b', 'activities/index', 'workflows-sees-types-only'],
  ['workflows/c', 'src/domain/task.schema', 'workflows-sees-types-only'],
  ['workflows/d', 'zod', 'workflows-uses-its-own-packages'],
  ['workflows/e', 'node:crypto', 'workflows-touches-no-machine'],
  ['src/service/a', 'src/http/server', 'service-looks-down-only'],
  ['src/service/b', 'activities/index', 'service-looks-down-only'],
  ['src/service/c', 'src/persistence/models/model', 'service-sees-types-only'],
  ['src/service/d', 'workflows/task.workflow', 'service-sees-types-only'],
  ['src/service/e', 'sequelize', 'service-uses-its-own-packages'],
  ['src/temporal/a', 'workflows/task.workflow', 'temporal-looks-down-only'],
  ['src/temporal/b', 'activities/index', 'temporal-sees-types-only'],
  ['src/temporal/c', 'sequelize', 'temporal-uses-its-own-packages'],
  ['src/http/a', 'src/use-cases/verb', 'http-looks-down-only'],
  ['src/http/b', 'type src/cli/program', 'http-looks-down-only'],
  ['src/http/c', '@temporalio/client', 'http-uses-its-own-packages'],
  ['src/client/a', 'src/service/hopper-service', 'client-looks-down-only'],
  ['src/client/b', 'fastify', 'client-uses-its-own-packages'],
  ['src/cli/a', 'src/service/hopper-service', 'cli-looks-down-only'],
  ['src/cli/b', '@temporalio/client', 'cli-uses-its-own-packages'],
  ['src/cli/c', 'src/composition', 'nothing-imports-the-roots'],
  ['src/mcp/a', 'src/service/hopper-service', 'mcp-looks-down-only'],
  ['src/mcp/b', 'pg', 'mcp-uses-its-own-packages'],
  ['src/config/a', 'src/stack/stack', 'config-looks-down-only'],
  ['src/config/b', 'pg', 'config-uses-its-own-packages'],
  ['src/rules/a', 'src/use-cases/verb', 'rules-looks-down-only'],
  ['src/rules/b', 'sequelize', 'rules-uses-its-own-packages'],
  ['src/behaviors/a', 'src/rules/rule-engine', 'behaviors-looks-down-only'],
  ['src/behaviors/b', 'zod', 'behaviors-uses-its-own-packages'],
  ['src/telemetry/a', 'src/config/config', 'telemetry-looks-down-only'],
  ['src/telemetry/b', 'pg', 'telemetry-uses-its-own-packages'],
  ['src/stack/a', 'src/domain/task', 'stack-looks-down-only'],
  ['src/stack/b', 'commander', 'stack-uses-its-own-packages'],
  ['src/novelty/a', 'src/domain/task', 'every-file-has-a-layer'],
  ['src/composition', 'test/support/thing', 'nothing-imports-tests'],
  ['src/main', 'fast-check', 'no-development-packages'],
  ['src/http/d', 'src/http/nowhere', 'no-missing-files'],
  ['src/http/loop-back', 'src/http/loop', 'no-cycles'],
] as const;

/** Planted too: the way back of the loop, and a lawful import of types that must not hide the forbidden one of values. */
const BESIDE = [
  ['src/http/loop', 'src/http/loop-back'],
  ['src/domain/c', 'type src/domain/task.schema'],
] as const;

const ALLOWED = [
  ['src/domain/m', 'type src/domain/task.schema'],
  ['src/domain/task.schema', 'zod'],
  ['src/domain/task.schema', 'src/domain/task'],
  ['src/domain/task', 'type src/domain/task.schema'],
  ['src/persistence/m', 'sequelize'],
  ['src/persistence/m', 'node:url'],
  ['migrations/0001-first', 'type src/persistence/models/model'],
  ['src/use-cases/m', 'src/persistence/repositories/repository'],
  ['src/use-cases/m', 'type sequelize'],
  ['activities/m', 'src/use-cases/verb'],
  ['workflows/m', 'type activities/index'],
  ['workflows/m', 'type src/domain/task.schema'],
  ['workflows/m', 'src/domain/task'],
  ['workflows/m', '@temporalio/workflow'],
  ['src/service/m', 'workflows/messages'],
  ['src/service/m', 'type workflows/task.workflow'],
  ['src/service/m', 'src/persistence/repositories/repository'],
  ['src/temporal/m', 'type activities/index'],
  ['src/http/m', 'src/service/hopper-service'],
  ['src/http/m', 'src/domain/task.schema'],
  ['src/cli/m', 'src/client/hopper-client'],
  ['src/cli/m', 'src/stack/stack'],
  ['src/mcp/m', 'src/client/hopper-client'],
  ['src/main', 'src/composition'],
  ['src/main', 'src/cli/m'],
] as const;

describe('the rules of import direction', () => {
  it('hold in this tree', async () => {
    expect(await violationsIn(ROOT, LAYERS.filter(existsInRoot))).toEqual([]);
  });

  it('let through what the design allows', async () => {
    await using tree = await plant(ALLOWED);
    expect(await violationsIn(tree.folder, LAYERS)).toEqual([]);
  });

  describe('catch a planted violation', () => {
    let tree: Awaited<ReturnType<typeof plant>>;
    let caught: string[];

    beforeAll(async () => {
      tree = await plant([...BESIDE, ...FORBIDDEN]);
      await rm(join(tree.folder, 'src/http/nowhere.ts'));
      caught = await violationsIn(tree.folder, LAYERS);
    });

    afterAll(async () => {
      await tree[Symbol.asyncDispose]();
    });

    it.each(FORBIDDEN)('%s importing %s breaks %s', (from, _to, ruleName) => {
      expect(caught).toContain(`${from}.ts: ${ruleName}`);
    });

    it('for every rule there is', () => {
      const { forbidden } = createRequire(import.meta.url)(RULES) as { forbidden: { name: string }[] };
      const planted: string[] = FORBIDDEN.map(([, , ruleName]) => ruleName);
      expect(forbidden.map(({ name }) => name).filter((name) => !planted.includes(name))).toEqual([]);
    });
  });
});

const existsInRoot = (folder: string): boolean => existsSync(join(ROOT, folder));

async function violationsIn(folder: string, layers: string[]): Promise<string[]> {
  const cruise = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [cruise, '--config', RULES, '--output-type', 'json', ...layers];
  // With a list of violations the exit code is their number, so the output is read in either case.
  const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 28 }).catch(
    (error: unknown) => error as { stdout: string },
  );
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  return summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`);
}

/** A small tree with exactly these imports; what is imported exists, and packages are empty ones. */
async function plant(
  imports: readonly (readonly [string, string, ...unknown[]])[],
): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'hopper-imports-'));
  const sources = new Map<string, string[]>(LAYERS.map((layer) => [`${layer}/placeholder`, []]));
  for (const [from, what] of imports) {
    const target = what.replace(/^type /, '');
    if (isOurs(target)) sources.set(target, sources.get(target) ?? []);
    sources.set(from, [...(sources.get(from) ?? []), importLine(from, target, what !== target)]);
  }
  for (const [path, lines] of sources)
    await put(join(folder, `${path}.ts`), [...lines, 'export const it = 1;'].join('\n'));
  const dependencies = Object.fromEntries(PACKAGES.map((name) => [name, '1']));
  await put(
    join(folder, 'package.json'),
    JSON.stringify({ type: 'module', dependencies, devDependencies: { 'fast-check': '1' } }),
  );
  for (const name of [...PACKAGES, 'fast-check']) {
    await put(
      join(folder, 'node_modules', name, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
    );
    await put(join(folder, 'node_modules', name, 'index.js'), '');
  }
  await copyFile(join(ROOT, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

const isOurs = (target: string): boolean => [...LAYERS, 'test'].includes(target.split('/')[0] ?? '');

function importLine(from: string, target: string, isType: boolean): string {
  const specifier = isOurs(target) ? `./${relative(dirname(from), target)}.ts` : target;
  return isType ? `import type { it as X } from '${specifier}';\nexport type Y = typeof X;` : `import '${specifier}';`;
}

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
