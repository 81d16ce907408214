import { describe, expect, it } from '@jest/globals';
import { QueryTypes } from 'sequelize';
import { prepared } from '../../src/persistence/prepared.ts';
import { aBench } from './setup.ts';

const bench = aBench();

describe('prepared', () => {
  it('has the server plan a marked statement once for a connection, and no other statement', async () => {
    const { database } = bench();
    const names = await database.transaction(async (transaction) => {
      const run = (sql: string, bind: unknown[]) =>
        database.query<{ sum: number }>(sql, { bind, transaction, type: QueryTypes.SELECT });
      const marked = prepared('SELECT $1::int + $2::int AS sum');
      expect(await run(marked, [1, 2])).toEqual([{ sum: 3 }]);
      expect(await run(marked, [2, 2])).toEqual([{ sum: 4 }]);
      await run('SELECT $1::int + 7 AS sum', [1]);
      const held = 'SELECT name FROM pg_prepared_statements WHERE statement LIKE $1';
      return database.query<{ name: string }>(held, { bind: ['%AS sum'], transaction, type: QueryTypes.SELECT });
    });
    expect(names).toEqual([{ name: expect.stringMatching(/^hopper_[\da-f]{16}$/) }]);
  });
});
