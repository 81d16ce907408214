import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { QueryTypes } from 'sequelize';
import {
  byKeywords,
  byTags,
  leastBusy,
  matchingTags,
  normalizeLabel,
  roundRobin,
} from '../../src/domain/scopes/ranking.ts';
import type { Candidate } from '../../src/domain/scopes/scope-behavior.ts';
import { type ChildrenAsk, childrenView } from '../../src/persistence/queries/routing-view.query.ts';
import { aBench, plant } from './setup.ts';

const bench = aBench();

/** So many that terms of most children are too many to be all added up. */
const CHILDREN = 420;
const WORDS = ['work', 'invoice', 'garden', 'export', 'team', 'nobody'] as const;
const LABELS = ['everything', 'Half', ' third', 'ÜBER', 'rare', 'nowhere'] as const;

/** Every child with all that it is judged by, read the simple way. */
interface Row extends Candidate {
  readonly status: string;
}

const ALL = `
  SELECT i.id, i.name, i.status, coalesce(i.config -> 'capabilities', '[]') AS capabilities, l.busy,
    (extract(epoch FROM l.last_offer_at) * 1000)::float8 AS "lastOfferAt",
    (SELECT coalesce(sum(round(ts_rank(i.search, quote_literal(w.lexeme)::tsquery)::numeric * 1000000)), 0)::float8 / 1000000
      FROM unnest(to_tsvector('english', $2)) w) AS "keywordScore",
    ts_rank(i.search, (SELECT string_agg(quote_literal(w.lexeme), ' | ') FROM unnest(to_tsvector('english', $2)) w)::tsquery)
      AS rank,
    ARRAY(SELECT lexeme FROM unnest(i.search)
      WHERE lexeme IN (SELECT w.lexeme FROM unnest(to_tsvector('english', $2)) w) ORDER BY lexeme) AS "matchedWords"
  FROM hopper_instances i JOIN instance_loads l ON l.instance_id = i.id WHERE i.parent_id = $1`;

/** Loads of every shape: many ties, or hardly any, in an order that has nothing to do with ids; perhaps those with many labels are the busiest. */
const SHUFFLE = `
  UPDATE instance_loads l SET busy = abs(hashtext(instance_id::text || $2)) % $3::int
      + $5::int * (SELECT count(*) FROM instance_terms t WHERE t.instance_id = l.instance_id AND kind = 'label')::int,
    last_offer_at = CASE WHEN abs(hashtext($2 || instance_id::text)) % 3 > 0
      THEN to_timestamp(1700000000 + abs(hashtext($2 || instance_id::text)) % $4::int) END
  WHERE parent_id = $1`;

const anyAsk = fc.record({
  tags: fc.subarray([...LABELS]),
  words: fc.subarray([...WORDS]).map((words) => words.join(' ')),
  matchers: fc.constantFrom(['tags', 'keywords'], ['keywords', 'tags'], ['tags'], ['keywords'], [] as const),
  seed: fc.string({ maxLength: 5 }).map((text) => Buffer.from(text).toString('hex')),
  spread: fc.constantFrom(1, 3, 1_000),
  burden: fc.constantFrom(0, 2_000),
  excluded: fc.integer({ min: 0, max: 60 }),
  postponed: fc.integer({ min: 0, max: 3 }),
  named: fc.constantFrom(...LABELS),
});

describe('childrenView', () => {
  let globalId = '';
  let ids: readonly string[] = [];

  beforeAll(async () => {
    globalId = (await plant(bench())).id;
    const numbers = Array.from({ length: CHILDREN }, (_, number) => number);
    const planted: string[] = [];
    for (let next = 0; next < CHILDREN; next += 10)
      planted.push(...(await Promise.all(numbers.slice(next, next + 10).map(plantChild))));
    ids = planted;
  });

  async function plantChild(number: number): Promise<string> {
    const capabilities = [
      ...(number % 50 === 7 ? [] : ['everything']),
      ...(number % 2 === 0 ? ['half'] : []),
      ...(number % 3 === 0 ? ['Third '] : []),
      ...(number % 40 === 5 ? ['über', 'Rare'] : []),
    ];
    const keywords = [...(number % 2 === 0 ? ['invoice'] : []), ...(number % 60 === 4 ? ['garden', 'exports'] : [])];
    const description = `${number % 20 === 3 ? 'work work' : 'work'} of ${number % 4 === 0 ? 'an invoice team' : 'a team'}`;
    const status = number % 11 === 0 ? 'paused' : 'running';
    const config = { capabilities, keywords, description };
    return (await plant(bench(), { scope: 'project', parentId: globalId, name: randomUUID(), status, config })).id;
  }

  it('leads to the choice that a look at all children would lead to, and counts them all (rule B3)', async () => {
    const { database } = bench();
    await fc.assert(
      fc.asyncProperty(anyAsk, async ({ seed, spread, burden, excluded, postponed, named, ...asked }) => {
        await database.query(SHUFFLE, { bind: [globalId, seed, spread, spread * 10, burden] });
        const [refused, later] = [ids.slice(0, excluded), ids.slice(excluded, excluded + postponed)];
        const ask: ChildrenAsk = {
          ...asked,
          ...{ instanceId: globalId, excluded: refused, postponed: later },
          named: { by: 'capability', value: named },
        };
        const rows = await database.query<Row>(ALL, { bind: [globalId, ask.words], type: QueryTypes.SELECT });
        const view = await childrenView(database, null, ask);
        const eligible = rows.filter(
          ({ id, status }) => status === 'running' && !refused.includes(id) && !later.includes(id),
        );
        expect(view.running).toBe(eligible.length);
        expect(view.excluded).toBe(
          rows.filter(({ id, status }) => status === 'running' && refused.includes(id)).length,
        );
        expect(view.postponed).toBe(rows.filter(({ id, status }) => status === 'running' && later.includes(id)).length);
        expect(choices(ask, view.candidates)).toEqual(choices(ask, eligible));
        const best = bestOf(ask, eligible);
        expect(view.candidates.slice(0, best.length).map((each) => each.id)).toEqual(best);
        const holders = eligible.filter((row) =>
          row.capabilities.some((label) => normalizeLabel(label) === normalizeLabel(named)),
        );
        expect(view.named.map((each) => each.id)).toEqual(
          holders
            .toSorted(byLoad)
            .slice(0, 50)
            .map((each) => each.id),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('ranks words as ts_rank does', async () => {
    const words = 'invoice garden work';
    const rows = await bench().database.query<Row & { rank: number }>(ALL, {
      bind: [globalId, words],
      type: QueryTypes.SELECT,
    });
    for (const row of rows) expect(row.keywordScore / 3).toBeCloseTo(row.rank, 5);
  });
});

/** Whom the first matcher that finds somebody finds, and whom the fallbacks choose. */
function choices({ tags, matchers }: ChildrenAsk, candidates: readonly Candidate[]) {
  const found = matchers
    .map((matcher) => (matcher === 'tags' ? byTags(tags, candidates) : byKeywords(candidates)))
    .find((choice) => choice !== null);
  const matched = found === undefined ? null : { id: found.target.id, reason: found.reason };
  return { matched, quiet: leastBusy(candidates)?.target.id, next: roundRobin(candidates)?.target.id };
}

/** The best 50 of the first matcher that finds somebody, in order. */
function bestOf({ tags, matchers }: ChildrenAsk, rows: readonly Candidate[]): readonly string[] {
  const scoreBy = {
    tags: (row: Candidate) => matchingTags(tags, row).length,
    keywords: (row: Candidate) => row.keywordScore,
  };
  const lists = matchers.map((matcher) => {
    const scored = rows.map((row) => ({ row, score: scoreBy[matcher](row) })).filter(({ score }) => score > 0);
    const best = scored.toSorted((a, b) => b.score - a.score || byLoad(a.row, b.row));
    return best.slice(0, 50).map(({ row }) => row.id);
  });
  return lists.find((ids) => ids.length > 0) ?? [];
}

function byLoad(a: Candidate, b: Candidate): number {
  return a.busy - b.busy || (a.lastOfferAt ?? 0) - (b.lastOfferAt ?? 0) || (a.id < b.id ? -1 : 1);
}
