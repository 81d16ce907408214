import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NOT_OURS = /^(node_modules|dist|coverage|\.git|\.hopper)(\/|$)/;
const lines = (count: number): string => 'void 0;\n'.repeat(count);
const LONG_FUNCTION = `export function long(): void {\n${lines(49)}}\n`;
/** Planted text belongs to no TypeScript program, so the rules that need types stay out: the compiler's tests are theirs. */
const untyped = new ESLint({
  cwd: ROOT,
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    { languageOptions: { parserOptions: { projectService: false } } },
  ] as Linter.Config[],
});

describe('eslint.config.js', () => {
  it('covers every file of code, with a limit of 300 lines, of 400 in tests', async () => {
    const eslint = new ESLint({ cwd: ROOT });
    const limits = await Promise.all(codeFiles().map(async (path) => [path, await limitOf(eslint, path)] as const));
    expect(limits.length).toBeGreaterThan(10);
    expect(limits.filter(([path, limit]) => limit !== (path.startsWith('test/') ? 400 : 300))).toEqual([]);
  });

  it.each([
    ['src/service/a.ts', 'export default 1;', 'no-restricted-syntax'],
    ['src/service/a.ts', 'export enum A { B }', 'no-restricted-syntax'],
    ['src/service/a.ts', "export * from './b.ts';", 'no-restricted-syntax'],
    ['src/service/a.ts', "export { b } from './b.ts';", 'no-restricted-syntax'],
    ['src/service/a.ts', 'export const a = process.env;', 'no-restricted-syntax'],
    ['src/service/a.ts', "import { b } from './b.js';\nexport const a = b;", 'no-restricted-imports'],
    ['src/service/a.ts', "console.log('a');", 'no-console'],
    ['src/service/a.ts', '// TODO: later\n', 'no-warning-comments'],
    ['src/service/a.ts', "/* eslint no-console: 'off' -- a reason */\nconsole.log(1);\n", 'house/no-excused-files'],
    ['src/service/a.ts', '/* eslint-disable max-lines -- a reason */\n', 'house/no-excused-files'],
    ['src/service/a.ts', '// eslint-disable-next-line no-console\nconsole.log(1);', 'house/disabling-has-a-reason'],
    ['src/domain/a.ts', 'export const a = Date.now();', 'no-restricted-syntax'],
    ['src/domain/a.ts', 'export const a = new Date();', 'no-restricted-syntax'],
    ['src/domain/a.ts', 'export const a = Math.random();', 'no-restricted-syntax'],
    ['src/domain/a.ts', 'export const a = crypto.randomUUID();', 'no-restricted-syntax'],
    ['src/domain/a.ts', 'export async function a() {}', 'no-restricted-syntax'],
    ['src/persistence/repositories/a.ts', 'export const a = new Date();', 'no-restricted-syntax'],
    ['src/a.ts', 'export default 1;', 'no-restricted-syntax'],
    ['workflows/index.ts', 'export default 1;', 'no-restricted-syntax'],
  ])('in %s refuses %j by %s', async (filePath, text, rule) => {
    expect(await rulesBroken(filePath, text)).toContain(rule);
  });

  it.each([
    ['a source file above 300 lines', 'src/service/a.ts', lines(301), 'max-lines'],
    ['a test file above 400 lines', 'test/unit/a.test.ts', lines(401), 'max-lines'],
    ['a function above 50 lines', 'src/service/a.ts', LONG_FUNCTION, 'max-lines-per-function'],
  ])('refuses %s', async (_what, filePath, text, rule) => {
    expect(await rulesBroken(filePath, text)).toContain(rule);
  });

  it.each([
    ['workflows/index.ts', "export { b } from './b.ts';\n"],
    ['src/config/a.ts', 'export const a = process.env;\n'],
    ['src/domain/a.ts', 'export const a = new Date(0);\n'],
    ['src/service/a.ts', '// eslint-disable-next-line no-console -- a reason\nconsole.log(1);\n'],
    ['jest.config.js', 'export default 1;\n'],
  ])('in %s lets %j through', async (filePath, text) => {
    expect(await rulesBroken(filePath, text)).toEqual([]);
  });
});

async function rulesBroken(filePath: string, text: string): Promise<(string | null)[]> {
  const [result] = await untyped.lintText(text, { filePath: join(ROOT, filePath) });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

async function limitOf(eslint: ESLint, path: string): Promise<unknown> {
  if (await eslint.isPathIgnored(join(ROOT, path))) return 'ignored';
  const config = (await eslint.calculateConfigForFile(join(ROOT, path))) as { rules?: Linter.RulesRecord };
  const [severity, limit] = [config.rules?.['max-lines'] ?? 0].flat();
  return severity === 2 ? limit : 'off';
}

function codeFiles(): string[] {
  const top = readdirSync(ROOT, { withFileTypes: true }).filter(({ name }) => !NOT_OURS.test(name));
  const folders = top.filter((entry) => entry.isDirectory());
  const below = folders.flatMap(({ name }) => readdirSync(join(ROOT, name), { recursive: true, withFileTypes: true }));
  const paths = [...top, ...below]
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(ROOT, join(parentPath, name)));
  return paths.filter((path) => /\.(ts|js|mjs|cjs)$/.test(path) && !/\bhistories\//.test(path));
}
