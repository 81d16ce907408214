import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { house } from './scripts/eslint-rules.mjs';

const TYPESCRIPT = ['**/*.ts'];
const JAVASCRIPT = ['**/*.js', '**/*.mjs', '**/*.cjs'];
/** Their tools load the default export, and nothing else. */
const READ_BY_TOOLS = ['*.config.js', '.dependency-cruiser.cjs', 'test/support/servers/*.{setup,teardown}.mjs'];
/** A tool needs an index here; a package's public face may show types that live elsewhere. */
const MAY_EXPORT_AGAIN = ['workflows/index.ts', 'activities/index.ts', 'src/client/hopper-client.ts'];

const NO_DEFAULT = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };
const NO_ENUM = { selector: 'TSEnumDeclaration', message: 'A closed set is an `as const` tuple (rule 8).' };
const NO_EXPORT_AGAIN = [
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from where it is written (rule 21).' },
  { selector: 'ExportNamedDeclaration[source]', message: 'No barrels: import from where it is written (rule 21).' },
];
const NO_ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'The environment is read once, in src/config or main (rule 16): take what you need as an argument.',
};
const NO_CLOCK_OR_CHANCE = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'The time is an argument here (rules 4 and 12).',
  },
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'The time is an argument here (rules 4 and 12).',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'No chance here (rules 4 and 12).',
  },
  { selector: "Identifier[name='randomUUID']", message: 'Ids are arguments here (rules 4 and 12).' },
];
const NO_ASYNC = { selector: ':function[async=true]', message: 'The domain is pure: nothing here waits (rule 4).' };

const always = [NO_DEFAULT, NO_ENUM, ...NO_EXPORT_AGAIN];
const inSource = [...always, NO_ENVIRONMENT];
const restrict = (...what) => ({ 'no-restricted-syntax': ['error', ...what] });

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.hopper/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  js.configs.recommended,
  {
    plugins: { house },
    rules: {
      'house/disabling-has-a-reason': 'error',
      'house/no-excused-files': 'error',
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'object-shorthand': 'error',
      'prefer-template': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      ...restrict(...always),
    },
  },
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { requireDefaultForNonUnion: true }],
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': 'allow-with-description', 'ts-ignore': true, 'ts-nocheck': true },
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^\\.{1,2}/.*\\.js$', message: 'Imports name the source: `.ts` (rule 23).' }] },
      ],
    },
  },
  {
    files: JAVASCRIPT,
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        module: 'writable',
        require: 'readonly',
      },
    },
  },
  { files: ['src/**', 'workflows/**', 'activities/**', 'migrations/**'], rules: restrict(...inSource) },
  { files: ['src/config/**', 'src/main.ts'], rules: restrict(...always) },
  { files: ['src/stack/**'], rules: restrict(...always) }, // it hands our environment on to the programs that it starts
  { files: ['src/domain/**'], rules: restrict(...inSource, ...NO_CLOCK_OR_CHANCE, NO_ASYNC) },
  { files: ['src/persistence/**'], rules: restrict(...inSource, ...NO_CLOCK_OR_CHANCE) },
  { files: MAY_EXPORT_AGAIN, rules: restrict(NO_DEFAULT, NO_ENUM, NO_ENVIRONMENT) },
  { files: READ_BY_TOOLS, rules: restrict(NO_ENUM, ...NO_EXPORT_AGAIN) },
  { files: ['scripts/**', 'bin/**'], rules: { 'no-console': 'off' /* they talk to the person at the terminal */ } },
  {
    files: ['test/**'],
    rules: {
      'max-lines': ['error', 400],
      'max-lines-per-function': 'off', // a describe callback holds all that is claimed about one name
      '@typescript-eslint/no-non-null-assertion': 'off', // a wrong assumption fails the test, which is what it is for
      '@typescript-eslint/no-unsafe-assignment': 'off', // expect.any() and its like are typed any
    },
  },
);
