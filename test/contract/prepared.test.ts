import { describe, expect, it } from '@jest/globals';
import { DatabaseError, QueryTypes } from 'sequelize';
import { prepared, rowsOf } from '../../src/persistence/prepared.ts';
import { aBench } from './setup.ts';

const bench = aBench();

describe('rowsOf', () => {
  it('has the server plan a prepared statement once for a connection, and no other statement', async () => {
    const { database } = bench();
    const names = await database.transaction(async (transaction) => {
      const sum = prepared('SELECT $1::int + $2::int AS sum');
      expect(await rowsOf(database, transaction, sum, [1, 2])).toEqual([{ sum: 3 }]);
      expect(await rowsOf(database, transaction, sum, [2, 2])).toEqual([{ sum: 4 }]);
      await database.query('SELECT $1::int + 7 AS sum', { bind: [1], transaction });
      const held = 'SELECT name FROM pg_prepared_statements WHERE statement LIKE $1';
      return database.query<{ name: string }>(held, { bind: ['%AS sum'], transaction, type: QueryTypes.SELECT });
    });
    expect(names).toEqual([{ name: expect.stringMatching(/^hopper_[\da-f]{16}$/) }]);
  });

  it('throws what Sequelize would, and gives the connection back', async () => {
    const { database } = bench();
    const wrong = prepared('SELECT 1 / $1::int AS never');
    for (let times = 0; times < 20; times += 1) {
      const thrown = rowsOf(database, null, wrong, [0]);
      await expect(thrown).rejects.toBeInstanceOf(DatabaseError);
      await expect(thrown).rejects.toMatchObject({ message: 'division by zero', original: { code: '22012' } });
    }
    expect(await rowsOf(database, null, wrong, [1])).toEqual([{ never: 1 }]);
  });

  it('says so where the transaction is over', async () => {
    const { database } = bench();
    const transaction = await database.transaction();
    await transaction.commit();
    const late = rowsOf(database, transaction, prepared('SELECT 1 AS late'), []);
    await expect(late).rejects.toThrow('the transaction is over');
  });
});
