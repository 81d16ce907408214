import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import pino from 'pino';
import type { CliContext } from '../../src/cli/context.ts';
import { createProgram } from '../../src/cli/program.ts';
import { EnvironmentSchema } from '../../src/config/settings.schema.ts';
import { ADMIN } from '../../src/domain/actor.ts';
import { GlobalPolicySchema, OrchestrationPolicySchema, ProjectPolicySchema } from '../../src/domain/policy.schema.ts';
import { SEARCH_ATTRIBUTES } from '../../src/domain/search-attributes.ts';
import { EVENT_TYPES } from '../../src/domain/change.ts';
import { listen } from '../../src/http/listen.ts';
import { createHttpServer } from '../../src/http/server.ts';
import type { HopperService } from '../../src/service/hopper-service.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const found = (path: string, pattern: RegExp): string[] =>
  [...read(path).matchAll(pattern)].map(([, text = '']) => text).sort();

describe('docs/http.md', () => {
  it('has a section for every route, and for no other', async () => {
    expect(found('docs/http.md', /^### `([A-Z]+ \/[^`]+)`$/gm)).toEqual((await declaredRoutes()).sort());
  });
});

describe('docs/cli.md', () => {
  it('has a section for every command, and for no other', () => {
    const out = { stdout: process.stdout, stderr: process.stderr };
    const program = createProgram(out as unknown as CliContext); // to declare the commands takes no more
    expect(found('docs/cli.md', /^### `hopper ([^`]+)`$/gm)).toEqual(usagesOf(program, '').sort());
  });
});

describe('docs/configuration.md', () => {
  it.each([
    ['global', GlobalPolicySchema],
    ['project', ProjectPolicySchema],
    ['orchestration', OrchestrationPolicySchema],
  ])('has a row for every policy key of a %s, and for no other', (scope, schema) => {
    const [, section = ''] = read('docs/configuration.md').split(`### \`${scope}\`\n`);
    const [table = ''] = section.split(/^##/m);
    const keys = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, key = '']) => key);
    expect(keys.sort()).toEqual(Object.keys(schema.shape).sort());
  });

  it.each(Object.keys(EnvironmentSchema.shape))('has the variable %s', (name) => {
    expect(read('docs/configuration.md')).toContain(`\`${name}\``);
  });
});

describe('docs/temporal-ui.md', () => {
  it('has a row for every search attribute, and for no other', () => {
    const rows = found('docs/temporal-ui.md', /^\| `(Hopper\w+)` \|/gm);
    expect(rows).toEqual(Object.keys(SEARCH_ATTRIBUTES).sort());
  });
});

describe('docs/life-of-a-task.md', () => {
  it.each(EVENT_TYPES)('names the event type %s', (type) => {
    expect(read('docs/life-of-a-task.md')).toContain(`\`${type}\``);
  });
});

describe('the links between the documents', () => {
  it.each(documents())('lead from %s to files that exist', (document) => {
    const links = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const relative = links.filter((link) => !/^(\w+:|#)/.test(link)).map((link) => link.replace(/#.*$/, ''));
    expect(relative.filter((link) => !existsSync(join(ROOT, dirname(document), link)))).toEqual([]);
  });

  it.each(documents())('and the paths that %s names in words exist', (document) => {
    const paths = [
      ...read(document).matchAll(/`((?:src|test|workflows|activities|scripts|config|examples)\/[\w./-]+)`/g),
    ];
    const named = paths.map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

async function declaredRoutes(): Promise<string[]> {
  const service = { tasks: {}, delegations: {}, instances: {} } as unknown as HopperService; // no route is called
  const app = createHttpServer({ service, log: pino({ level: 'silent' }), identify: () => ADMIN });
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  const answer = await fetch(`${listening.url}/openapi.json`);
  const { paths } = (await answer.json()) as { paths: Record<string, object> };
  await listening.close();
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

function usagesOf(command: Command, before: string): string[] {
  return command.commands.flatMap((each) => {
    const name = `${before}${each.name()}`;
    if (each.commands.length > 0) return usagesOf(each, `${name} `);
    const args = each.registeredArguments.map((arg) => (arg.required ? ` <${arg.name()}>` : ` [${arg.name()}]`));
    return [`${name}${args.join('')}`];
  });
}

function documents(): string[] {
  const top = readdirSync(ROOT).map(String);
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true }).map((name) => join('docs', String(name)));
  return [...top, ...docs].filter((name) => name.endsWith('.md')).sort();
}
