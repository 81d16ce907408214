import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { onFreePorts } from '../../src/stack/ports.ts';
import { startStack } from '../../src/stack/stack.ts';
import { Leftovers, refusal, stackOptions } from './setup.ts';

const leftovers = new Leftovers();
afterEach(() => leftovers.clear());

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  leftovers.add(() => server.close());
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? NaN) : NaN;
}

describe('startStack refuses', () => {
  it.each([
    ['postgres', 'HOPPER_PG_PORT'],
    ['temporal', 'HOPPER_TEMPORAL_PORT'],
    ['temporalUi', 'HOPPER_TEMPORAL_UI_PORT'],
  ])(
    'a taken port that was demanded for %s, naming it and %s, with nothing left half started',
    async (part, variable) => {
      const [dataDir, port] = [await leftovers.folder(), await takenPort()];
      const ports = { postgres: 0, temporal: 0, temporalUi: 0, [part]: port };
      const { code, message, hint } = await refusal(startStack(stackOptions(dataDir, { ports })));
      expect(code).toBe('port_in_use');
      expect(message).toContain(String(port));
      expect(hint).toContain(variable);
      expect(await readdir(join(dataDir, 'postgres/cluster'))).not.toContain('postmaster.pid');
    },
  );

  it('a data folder that cannot be made, naming it', async () => {
    const file = join(await leftovers.folder(), 'file');
    await writeFile(file, '');
    for (const dataDir of [file, join(file, 'below')]) {
      const { code, message } = await refusal(startStack(stackOptions(dataDir)));
      expect([code, message]).toEqual(['data_dir_unwritable', expect.stringContaining(file)]);
    }
  });

  it('a data folder in a place that takes none', async () => {
    const { code, message } = await refusal(startStack(stackOptions('/proc/hopper/data')));
    expect([code, message]).toEqual(['data_dir_unwritable', expect.stringContaining('/proc/hopper')]);
  });

  it('a named database that is away, without telling its password', async () => {
    const databaseUrl = 'postgres://ana:s3cret@127.0.0.1:1/tasks';
    const error = await refusal(startStack(stackOptions(await leftovers.folder(), { databaseUrl })));
    expect([error.code, error.message]).toEqual(['database_unreachable', expect.stringContaining('127.0.0.1:1/tasks')]);
    expect(`${error.message} ${error.hint} ${String(error.stack)}`).not.toContain('s3cret');
  });

  it('a DATABASE_URL that is none, without repeating it', async () => {
    const error = await refusal(startStack(stackOptions(await leftovers.folder(), { databaseUrl: 's3cret' })));
    expect([error.code, error.message]).toEqual(['database_unreachable', expect.not.stringContaining('s3cret')]);
  });

  it('a named Temporal that is away', async () => {
    const options = stackOptions(await leftovers.folder(), { temporalAddress: '127.0.0.1:1' });
    const { code, message } = await refusal(startStack(options));
    expect([code, message]).toEqual(['temporal_unreachable', expect.stringContaining('127.0.0.1:1')]);
  });
});

describe('startStack with named servers', () => {
  it('uses them, starts none, and wants the namespace to exist', async () => {
    const { databaseUrl, temporalAddress } = await leftovers.stack(await leftovers.folder());
    const named = await leftovers.stack(await leftovers.folder(), { databaseUrl, temporalAddress });
    expect(named).toMatchObject({ databaseUrl, temporalAddress, pids: { postgres: null, temporal: null } });
    const options = stackOptions(await leftovers.folder(), { databaseUrl, temporalAddress, namespace: 'absent' });
    const { code, message } = await refusal(startStack(options));
    expect([code, message]).toEqual(['temporal_unreachable', expect.stringContaining('absent')]);
  });
});

describe('onFreePorts', () => {
  const wish = { variable: 'PORT' };

  it('prefers the free ones of those that were named', async () => {
    const taken = await takenPort();
    const [free] = await onFreePorts('127.0.0.1', [wish], (ports) => Promise.resolve(ports));
    const wishes = [{ ...wish, preferably: [taken, free] }, wish];
    const chosen = await onFreePorts('127.0.0.1', wishes, (ports) => Promise.resolve(ports));
    expect(chosen[0]).toBe(free);
    expect(new Set(chosen).size).toBe(2);
  });

  it('tries others when somebody is quicker', async () => {
    const tried: number[] = [];
    await onFreePorts('127.0.0.1', [wish], async ([port = 0]) => {
      tried.push(port);
      if (tried.length > 1) return;
      const rival = createServer().listen(port, '127.0.0.1');
      leftovers.add(() => rival.close());
      await once(rival, 'listening');
      throw new Error('the server could not listen');
    });
    expect(new Set(tried).size).toBe(2);
  });

  it('does not try again what failed for another reason', async () => {
    let tries = 0;
    const start = (): Promise<void> => {
      tries += 1;
      return Promise.reject(new Error('broken'));
    };
    await expect(onFreePorts('127.0.0.1', [wish], start)).rejects.toThrow('broken');
    expect(tries).toBe(1);
  });
});
