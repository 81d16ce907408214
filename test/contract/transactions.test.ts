import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DatabaseError, QueryTypes, type Transaction } from 'sequelize';
import { prepared, rowsOf } from '../../src/persistence/prepared.ts';
import { aBench } from './setup.ts';

const bench = aBench();
const PAUSED = prepared("SELECT count(*)::int AS paused FROM hopper_instances WHERE name LIKE 'transaction %'");
const insert = (transaction: Transaction, name: string) =>
  bench().database.query(
    `INSERT INTO hopper_instances (id, name, scope, config) VALUES (gen_random_uuid(), $1, 'global', '{}')`,
    { bind: [`transaction ${name}`], transaction },
  );
const count = async () => (await rowsOf<{ paused: number }>(bench().database, null, PAUSED, []))[0]?.paused;

describe('a transaction that is sent straight', () => {
  beforeEach(() => void jest.spyOn(console, 'warn').mockImplementation(() => undefined)); // Sequelize tells of lost ones
  afterEach(() => void jest.restoreAllMocks());

  it('is there for all once it is committed, and not before', async () => {
    const before = (await count()) ?? 0;
    await bench().database.transaction(async (transaction) => {
      await insert(transaction, 'committed');
      expect(await count()).toBe(before);
    });
    expect(await count()).toBe(before + 1);
  });

  it('leaves nothing when the work in it throws', async () => {
    const before = await count();
    const work = bench().database.transaction(async (transaction) => {
      await insert(transaction, 'thrown away');
      throw new Error('no more');
    });
    await expect(work).rejects.toThrow('no more');
    expect(await count()).toBe(before);
  });

  it('keeps what was done before a savepoint that is rolled back', async () => {
    const before = (await count()) ?? 0;
    const { database } = bench();
    await database.transaction(async (transaction) => {
      await insert(transaction, 'outer');
      const inner = database.transaction({ transaction }, async (savepoint) => {
        await insert(savepoint, 'inner');
        throw new Error('inner');
      });
      await expect(inner).rejects.toThrow('inner');
    });
    expect(await count()).toBe(before + 1);
  });

  it('says so when its connection is lost before the commit, and the pool goes on', async () => {
    const before = await count();
    const { database } = bench();
    const lost = database.transaction(async (transaction) => {
      await insert(transaction, 'lost');
      const options = { transaction, type: QueryTypes.SELECT } as const;
      const [own] = await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid', options);
      await database.query('SELECT pg_terminate_backend($1)', { bind: [own?.pid] });
    });
    await expect(lost).rejects.toBeInstanceOf(DatabaseError);
    expect(await count()).toBe(before);
  });

  it('ends by a deferred constraint that fails at the commit, with its error', async () => {
    const { database } = bench();
    const broken = database.transaction(async (transaction) => {
      await database.query('CREATE TEMP TABLE once (n int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP', {
        transaction,
      });
      await database.query('INSERT INTO once VALUES (1), (1)', { transaction });
    });
    await expect(broken).rejects.toMatchObject({ original: { code: '23505' } });
  });
});
