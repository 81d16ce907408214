import { describe, expect, it } from '@jest/globals';
import { wordsOf } from '../../src/domain/search-text.ts';
import { byKeywords } from '../../src/domain/scopes/ranking.ts';
import { childrenView } from '../../src/persistence/queries/routing-view.query.ts';
import { aBench, plant, within } from './setup.ts';

const bench = aBench();
const NOBODY = { excluded: [], postponed: [], named: null } as const;

describe('keyword routing', () => {
  const setup = async (projects: Readonly<Record<string, object>>) => {
    const global = await plant(bench());
    for (const [name, config] of Object.entries(projects)) {
      await plant(bench(), { name, scope: 'project', parentId: global.id, config });
    }
    return async (text: string) => {
      const ask = { instanceId: global.id, tags: [], words: wordsOf(text), matchers: ['keywords'], ...NOBODY } as const;
      const { candidates } = await childrenView(bench().database, null, ask);
      const choice = byKeywords(candidates);
      return choice === null ? null : { name: choice.target.name, reason: choice.reason };
    };
  };

  it('finds the project whose name, keywords, capabilities or description fit, and names the words (rule K1)', async () => {
    const routed = await setup({
      billing: { capabilities: ['payments'], keywords: ['refund'] },
      website: { description: 'Landing pages, forms and the blog of the company' },
    });
    expect(await routed('The refunds are wrong')).toEqual({ name: 'billing', reason: 'word matches: refund' });
    expect(await routed('Billing: two payments for one order')).toMatchObject({ name: 'billing' });
    expect(await routed('Correct the form of the landing page')).toMatchObject({ name: 'website' });
    expect(await routed('Water the plants')).toBeNull();
  });

  it('weighs labels more than prose, and more fitting words more than fewer (rule K1)', async () => {
    const routed = await setup({
      label: { keywords: ['invoice'] },
      prose: { description: 'everything about an invoice' },
      more: { keywords: ['invoice', 'export'] },
    });
    expect(await routed('invoice')).not.toMatchObject({ name: 'prose' });
    expect(await routed('export of an invoice')).toMatchObject({ name: 'more' });
  });

  it('reads scripts without spaces and without Latin letters', async () => {
    const routed = await setup({ keiri: { keywords: ['請求書'] }, kassa: { keywords: ['счета'] } });
    expect(await routed('請求書を分割する')).toMatchObject({ name: 'keiri' });
    expect(await routed('Исправить счета клиентов')).toMatchObject({ name: 'kassa' });
  });

  it('takes empty text, operators of the query language and 10,000 characters as they come', async () => {
    const routed = await setup({ billing: { keywords: ['refund'] } });
    expect(await routed('')).toBeNull();
    expect(await routed("!refund & | <-> ':* \\ (")).toMatchObject({ name: 'billing' });
    expect(await routed(`${'padding '.repeat(1_249)}refund`)).toMatchObject({ name: 'billing' });
  });

  it('follows a change of an instance', async () => {
    const routed = await setup({ billing: {} });
    const { instances } = bench().repositories;
    await within(bench(), async (transaction) => {
      const rows = await bench().models.Instance.findAll({
        where: { name: 'billing' },
        order: [['createdAt', 'DESC']],
        limit: 1,
      });
      const before = await instances.get(transaction, rows[0]?.id ?? '');
      if (before === null) throw new Error('no instance');
      const actor = { name: 'ana', role: 'operator', subtree: null } as const;
      await instances.change(transaction, before, { config: { keywords: ['ledger'] } }, actor);
    });
    expect(await routed('the ledger')).toMatchObject({ name: 'billing' });
  });
});
