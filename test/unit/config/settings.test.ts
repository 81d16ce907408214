import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { readSettings, requireServers } from '../../../src/config/settings.ts';
import { DomainError } from '../../../src/domain/errors.ts';

describe('readSettings', () => {
  it('takes the documented defaults from an empty environment', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({
      dataDir: `${process.cwd()}/.hopper`,
      host: '127.0.0.1',
      httpPort: 8080,
      url: null,
      apiKey: null,
      serverKey: null,
      databaseUrl: null,
      temporalAddress: null,
      temporalNamespace: 'default',
      taskQueue: 'hopper',
      ports: {},
      policyFile: { path: 'config/scope_behaviors.yaml', isNamed: false },
      hierarchyFile: { path: 'config/hierarchy.yaml', isNamed: false },
    });
  });

  it('counts an empty variable as absent', () => {
    expect(readSettings({ HOPPER_HTTP_PORT: '', DATABASE_URL: '' })).toEqual(readSettings({}));
  });

  it('takes port 0 for every server', () => {
    const zero = {
      HOPPER_HTTP_PORT: '0',
      HOPPER_PG_PORT: '0',
      HOPPER_TEMPORAL_PORT: '0',
      HOPPER_TEMPORAL_UI_PORT: '0',
    };
    expect(readSettings(zero)).toMatchObject({ httpPort: 0, ports: { postgres: 0, temporal: 0, temporalUi: 0 } });
  });

  it('remembers that a file was named', () => {
    expect(readSettings({ HOPPER_CONFIG: 'mine.yaml' }).policyFile).toEqual({ path: 'mine.yaml', isNamed: true });
    expect(readSettings({ HOPPER_HIERARCHY: 'h.yaml' }).hierarchyFile).toEqual({ path: 'h.yaml', isNamed: true });
  });

  it('drops the slash at the end of HOPPER_URL', () => {
    expect(readSettings({ HOPPER_URL: 'https://hopper.example/' }).url).toBe('https://hopper.example');
  });

  it.each([
    ['HOPPER_HTTP_PORT', '65536'],
    ['HOPPER_HTTP_PORT', '-1'],
    ['HOPPER_HTTP_PORT', '80a'],
    ['HOPPER_PG_PORT', '1e3'],
    ['HOPPER_TEMPORAL_PORT', '0x50'],
    ['HOPPER_TEMPORAL_UI_PORT', ' 80'],
    ['HOPPER_HOST', 'a host'],
    ['HOPPER_URL', 'localhost:8080'],
    ['HOPPER_URL', 'ftp://localhost'],
    ['HOPPER_API_KEY', 'line\nbreak'],
    ['HOPPER_SERVER_KEY', 'short'],
    ['HOPPER_LOG_LEVEL', 'loud'],
    ['DATABASE_URL', 'mysql://localhost/hopper'],
    ['DATABASE_URL', 'localhost'],
    ['TEMPORAL_ADDRESS', 'localhost'],
    ['TEMPORAL_ADDRESS', 'http://localhost:7233'],
    ['TEMPORAL_NAMESPACE', 'a b'],
  ])('refuses %s=%j by its name', (name, value) => {
    expect(problemsOf({ [name]: value }).map(({ path }) => path)).toEqual([name]);
  });

  it('lists all wrong variables at once', () => {
    const problems = problemsOf({
      HOPPER_HTTP_PORT: 'x',
      DATABASE_URL: 'x',
      TEMPORAL_ADDRESS: 'x',
      HOPPER_DATA_DIR: 'fine',
    });
    expect(problems.map(({ path }) => path).sort()).toEqual(['DATABASE_URL', 'HOPPER_HTTP_PORT', 'TEMPORAL_ADDRESS']);
  });

  it('keeps secrets out of text, JSON and inspection, and gives them when asked', () => {
    const settings = readSettings({
      DATABASE_URL: 'postgres://me:hush-hush@localhost/hopper',
      HOPPER_API_KEY: 'hush-hush',
    });
    for (const shown of [JSON.stringify(settings), inspect(settings, { depth: 9 }), String(settings.apiKey)]) {
      expect(shown).not.toContain('hush');
    }
    expect(settings.databaseUrl?.reveal()).toBe('postgres://me:hush-hush@localhost/hopper');
  });
});

describe('requireServers', () => {
  it('names every variable that is missing', () => {
    expect(() => {
      requireServers(readSettings({}), ['database', 'temporal']);
    }).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        problems: [
          { path: 'DATABASE_URL', message: 'is not set' },
          { path: 'TEMPORAL_ADDRESS', message: 'is not set' },
        ],
      }),
    );
  });

  it('asks only for what is wanted', () => {
    expect(() => {
      requireServers(readSettings({ DATABASE_URL: 'postgres://localhost/x' }), ['database']);
    }).not.toThrow();
  });
});

function problemsOf(env: Record<string, string>): readonly { path: string }[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'invalid_input') return error.problems;
    throw error;
  }
  throw new Error('the settings were accepted');
}
