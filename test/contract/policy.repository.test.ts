import { describe, expect, it } from '@jest/globals';
import { QueryTypes } from 'sequelize';
import { parsePolicy } from '../../src/config/policy-file.ts';
import type { LoadedPolicy } from '../../src/domain/policy.ts';
import type { PublishOptions } from '../../src/persistence/repositories/policy.repository.ts';
import { aBench, within } from './setup.ts';

const bench = aBench();
const policies = () => bench().repositories.policies;

/** Policies differ by their limit alone. */
const limit = (max: number): LoadedPolicy =>
  parsePolicy('given', `global: { max_projects: ${String(max)} } # ${String(max)}`);
const publish = (loaded: LoadedPolicy, options: Partial<PublishOptions> = {}) =>
  within(bench(), (transaction) => policies().publish(transaction, loaded, { by: 'ana', ...options }));
const refuse = (problem: string) =>
  within(bench(), (transaction) => policies().refuse(transaction, problem, 'a worker'));
const publications = () =>
  bench().database.query<{ hash: string | null; problem: string | null }>(
    'SELECT hash, problem FROM policy_publications ORDER BY seq',
    { type: QueryTypes.SELECT },
  );
const written = async (work: () => Promise<unknown>) => {
  const before = (await publications()).length;
  await work();
  return (await publications()).slice(before);
};

describe('PolicyRepository', () => {
  it('has nothing in force before the first publication', async () => {
    expect([await policies().inForceHash(null), await policies().current()]).toEqual([null, null]);
  });

  it('keeps a policy with its text and meaning, once per hash, whatever it is called later (rule Y3)', async () => {
    const first = limit(11);
    expect(await publish(first)).toEqual({ inForce: first.hash, before: null, isWritten: true });
    await publish(limit(12));
    await publish({ ...first, text: 'global: { max_projects: 11 } # in other words' });
    expect(await policies().get(null, first.hash)).toMatchObject({ ...first, firstPublishedAt: expect.any(Date) });
    expect(await policies().current()).toMatchObject({ hash: first.hash, publishedBy: 'ana', refused: null });
  });

  it('writes nothing for what is in force already (rule Y4)', async () => {
    await publish(limit(13));
    expect(await written(() => publish(limit(13)))).toEqual([]);
  });

  it('puts the newest publication into force, also an old policy again, and names the one before (rule Y4)', async () => {
    const [a, b] = [limit(14), limit(15)];
    await publish(a);
    await publish(b);
    expect(await publish(a)).toEqual({ inForce: a.hash, before: b.hash, isWritten: true });
    expect(await policies().inForceHash(null)).toBe(a.hash);
  });

  it('does not bring back what is only meant if it is new (rule Y4)', async () => {
    const [a, b] = [limit(16), limit(17)];
    await publish(a, { when: 'new' });
    await publish(b, { when: 'new' });
    expect(await written(() => publish(a, { when: 'new' }))).toEqual([]);
    expect(await policies().inForceHash(null)).toBe(b.hash);
  });

  it('carries a command out once, also after another publication', async () => {
    const [a, b] = [limit(18), limit(19)];
    await publish(a, { commandId: 'ana/1' });
    await publish(b);
    expect(await written(() => publish(a, { commandId: 'ana/1' }))).toEqual([]);
    expect(await policies().inForceHash(null)).toBe(b.hash);
  });

  it('takes two publishers at once one after the other, and all of them agree on what is in force (rule Y4)', async () => {
    const all = Array.from({ length: 8 }, (_, index) => limit(index < 4 ? 20 : 21));
    const rows = await written(() => Promise.all(all.map((loaded) => publish(loaded))));
    expect(rows.length).toBeGreaterThanOrEqual(2);
    for (const [index, { hash }] of rows.entries()) if (index > 0) expect(hash).not.toBe(rows[index - 1]?.hash);
    expect(await policies().inForceHash(null)).toBe(rows.at(-1)?.hash);
  });

  it('remembers a refusal once while it is the newest, and leaves in force what was (rule Y4)', async () => {
    await publish(limit(22));
    expect(await written(() => refuse('3:5 no such key'))).toHaveLength(1);
    expect(await written(() => refuse('3:5 no such key'))).toEqual([]);
    expect(await policies().current()).toMatchObject({
      hash: limit(22).hash,
      refused: { by: 'a worker', problem: '3:5 no such key', at: expect.any(Date) },
    });
    await publish(limit(22));
    expect(await policies().current()).toMatchObject({ hash: limit(22).hash, refused: null });
  });

  it.each([
    "UPDATE policies SET text = ''",
    'DELETE FROM policies',
    'TRUNCATE policies CASCADE',
    "UPDATE policy_publications SET published_by = ''",
    'DELETE FROM policy_publications',
    'TRUNCATE policy_publications',
  ])('never forgets: %s is refused (rule Y3)', async (statement) => {
    await publish(limit(23));
    await expect(bench().database.query(statement)).rejects.toThrow(/is append-only/);
  });

  it.each(['NULL, NULL', `'${limit(23).hash}', 'a problem'`, `'${'0'.repeat(64)}', NULL`])(
    'takes no row that is neither a publication nor a refusal: %s',
    async (values) => {
      await publish(limit(23));
      const insert = `INSERT INTO policy_publications (hash, problem, published_by) VALUES (${values}, 'ana')`;
      await expect(bench().database.query(insert)).rejects.toThrow();
    },
  );
});
