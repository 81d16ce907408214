import { type Server, connect, createServer } from 'node:net';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { DatabaseError, QueryTypes } from 'sequelize';
import { asDatabaseError } from '../../src/persistence/availability.ts';
import { lockInstances, openDatabase } from '../../src/persistence/database.ts';
import { clusterUrl } from '../support/servers/addresses.ts';
import { aBench, within } from './setup.ts';

const bench = aBench();

/** A port on which nobody listens. */
async function aDeadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return address.port;
}

/** A way to the test database on which each connection stands still at first; it counts them. */
async function aSlowWay(ms: number): Promise<{ url: string; server: Server; connections: () => number }> {
  const target = new URL(clusterUrl());
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const onward = connect(Number(target.port), target.hostname);
    socket.pause();
    setTimeout(() => socket.pipe(onward).pipe(socket), ms);
    for (const end of [socket, onward]) end.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  const address = server.address();
  url.port = String(address === null || typeof address === 'string' ? '' : address.port);
  return { url: url.href, server, connections: () => connections };
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => error,
  );

/** Whether another transaction could take the lock of an instance right now. */
async function isFree(id: string, mode: 'shared' | 'exclusive'): Promise<boolean> {
  const attempt = mode === 'shared' ? 'pg_try_advisory_xact_lock_shared' : 'pg_try_advisory_xact_lock';
  const sql = `SELECT ${attempt}(hashtextextended($1, 0)) AS free`;
  const [row] = await bench().database.query<{ free: boolean }>(sql, { bind: [id], type: QueryTypes.SELECT });
  return row?.free ?? false;
}

describe('lockInstances', () => {
  it.each([
    ['exclusive', { shared: false, exclusive: false }],
    ['shared', { shared: true, exclusive: false }],
  ] as const)('takes a lock that is %s: until the transaction ends it leaves to others %j', async (mode, free) => {
    const [id, other] = [randomUUID(), randomUUID()];
    await within(bench(), async (transaction) => {
      await lockInstances(transaction, [id], mode);
      expect({ shared: await isFree(id, 'shared'), exclusive: await isFree(id, 'exclusive') }).toEqual(free);
      expect(await isFree(other, 'exclusive')).toBe(true);
    });
    expect(await isFree(id, 'exclusive')).toBe(true);
  });

  it('takes locks in one order, so that opposite wishes do not deadlock', async () => {
    const ids = Array.from({ length: 6 }, () => randomUUID());
    const both = Array.from({ length: 20 }, (_, turn) =>
      within(bench(), (transaction) =>
        lockInstances(transaction, turn % 2 === 0 ? ids : ids.toReversed(), 'exclusive'),
      ),
    );
    await expect(Promise.all(both)).resolves.toHaveLength(20);
  });
});

describe('openDatabase', () => {
  it('keeps a connection that is slow to stand for the next who asks, so that haste makes no storm of them', async () => {
    const { url, server, connections } = await aSlowWay(6_000);
    const database = openDatabase(url, { maxConnections: 1 });
    try {
      const first = asDatabaseError(await errorOf(database.query('SELECT 1')));
      expect(first).toMatchObject({ code: 'database_unavailable' });
      expect(await errorOf(database.query('SELECT 1'))).toBe('no error');
      expect(connections()).toBe(2); // one with which Sequelize asks for the server's version, and the one that stays
    } finally {
      await database.close();
      server.close();
    }
  });
});

describe('asDatabaseError', () => {
  it('says that nobody answers at the address', async () => {
    const away = openDatabase(`postgres://nobody@127.0.0.1:${String(await aDeadPort())}/x`, { maxConnections: 1 });
    const error = asDatabaseError(await errorOf(away.query('SELECT 1')));
    expect(error).toMatchObject({ name: 'DomainError', code: 'database_unavailable', cause: expect.any(Error) });
    await away.close();
  });

  it('says that the server has ended the connection', async () => {
    const database = openDatabase(clusterUrl(), { maxConnections: 1 });
    const lost = database.query('SELECT pg_terminate_backend(pg_backend_pid())');
    expect(asDatabaseError(await errorOf(lost))).toMatchObject({ code: 'database_unavailable' });
    await database.close();
  });

  it('says of a statement that had to wait too long that it may be repeated', async () => {
    const waiting = within(bench(), async (transaction) => {
      await bench().database.query('SET LOCAL statement_timeout = 50', { transaction });
      await bench().database.query('SELECT pg_sleep(60)', { transaction });
    });
    expect(asDatabaseError(await errorOf(waiting))).toMatchObject({ code: 'database_unavailable' });
  });

  it('says that a server takes no writes, as a standby or a read-only one', async () => {
    const write = within(bench(), async (transaction) => {
      await bench().database.query('SET TRANSACTION READ ONLY', { transaction });
      await bench().database.query('CREATE TABLE t ()', { transaction });
    });
    expect(asDatabaseError(await errorOf(write))).toMatchObject({
      code: 'database_unavailable',
      message: 'the database takes no writes at present: repeat the request',
    });
  });

  it.each(['53100', '58030'])('says that a server cannot write to its disk (%s)', async (code) => {
    const full = `DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '${code}'; END $$`;
    expect(asDatabaseError(await errorOf(bench().database.query(full)))).toMatchObject({
      code: 'database_unavailable',
      message: 'the database cannot use its disk, or has no room on it: repeat the request',
    });
  });

  it('knows a reset socket by what the error says, whichever realm it comes from', () => {
    const reset = runInNewContext(`new Error('read ECONNRESET')`) as Error;
    expect(reset).not.toBeInstanceOf(Error);
    const error = new DatabaseError(Object.assign(reset, { sql: '' }));
    expect(asDatabaseError(error)).toMatchObject({ code: 'database_unavailable', cause: error });
  });

  it.each(['SELECT 1 / 0', 'SELECT nothing', 'INSERT INTO tasks DEFAULT VALUES'])(
    'leaves the error of the wrong statement %j as it is',
    async (statement) => {
      const error = await errorOf(bench().database.query(statement));
      expect(error).toBeInstanceOf(Error);
      expect(asDatabaseError(error)).toBe(error);
    },
  );
});
