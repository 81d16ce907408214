import { describe, expect, it } from '@jest/globals';
import {
  byTags,
  considered,
  leastBusy,
  matchingTags,
  normalizeLabel,
  roundRobin,
  byKeywords,
} from '../../../../src/domain/scopes/ranking.ts';
import { aCandidate, anId } from '../../../support/builders.ts';

describe('normalizeLabel', () => {
  it('ignores case and the spaces around (rule R5)', () => {
    expect(normalizeLabel('  Billing ')).toBe('billing');
  });
});

describe('matchingTags', () => {
  it('finds the tags that a candidate is capable of, each once, in the order of the task (rule R5)', () => {
    const candidate = aCandidate({ name: 'a', capabilities: ['INVOICES', ' billing ', 'other'] });
    expect(matchingTags(['Billing', 'unknown', 'invoices', 'billing'], candidate)).toEqual(['billing', 'invoices']);
  });

  it('never matches a part of a word', () => {
    expect(matchingTags(['bill'], aCandidate({ name: 'a', capabilities: ['billing'] }))).toEqual([]);
  });
});

describe('byTags', () => {
  it('takes the candidate with most matches, not the first that matches (rule R6)', () => {
    const one = aCandidate({ name: 'a', capabilities: ['x'] });
    const two = aCandidate({ name: 'b', capabilities: ['x', 'y'], busy: 9, lastOfferAt: 9 });
    expect(byTags(['x', 'y'], [one, two])).toMatchObject({
      target: two,
      strategy: 'tags',
      reason: '2 of 2 tags match: x, y',
    });
  });

  it.each([
    ['the less busy one', { busy: 1, lastOfferAt: 0 }, { busy: 0, lastOfferAt: 9 }],
    ['the one that was longest without an offer', { busy: 1, lastOfferAt: 8 }, { busy: 1, lastOfferAt: 7 }],
    ['the one that never had an offer', { busy: 1, lastOfferAt: 8 }, { busy: 1, lastOfferAt: null }],
  ])('takes, of equals, %s (rule R6)', (_what, other, better) => {
    const a = aCandidate({ name: 'a', capabilities: ['x'], ...other });
    const b = aCandidate({ name: 'b', capabilities: ['x'], ...better });
    expect(byTags(['x'], [a, b])?.target).toBe(b);
  });

  it('takes, of twins, the one with the smaller id (rule R6)', () => {
    const [a, b] = [aCandidate({ name: 'a', capabilities: ['x'] }), aCandidate({ name: 'b', capabilities: ['x'] })];
    expect(byTags(['x'], [b, a])?.target).toBe(a);
  });

  it.each([
    ['no tag matches', ['z']],
    ['the task has no tags', []],
  ])('chooses nobody if %s', (_what, tags) => {
    expect(byTags(tags, [aCandidate({ name: 'a', capabilities: ['x'] })])).toBeNull();
  });
});

describe('leastBusy', () => {
  it('takes the candidate with least open work (rule R6)', () => {
    const [a, b] = [aCandidate({ name: 'a', busy: 2 }), aCandidate({ name: 'b', busy: 1, lastOfferAt: 9 })];
    expect(leastBusy([a, b])).toMatchObject({ target: b, strategy: 'least_busy', reason: 'least busy: 1 open' });
  });

  it('chooses nobody of none', () => {
    expect(leastBusy([])).toBeNull();
  });
});

describe('roundRobin', () => {
  it('takes the candidate that was longest without an offer, however busy it is', () => {
    const [a, b] = [aCandidate({ name: 'a', lastOfferAt: 2 }), aCandidate({ name: 'b', lastOfferAt: 1, busy: 9 })];
    expect(roundRobin([a, b])).toMatchObject({ target: b, reason: 'round robin: longest without an offer' });
  });

  it('begins with those that never had one', () => {
    const [a, b] = [aCandidate({ name: 'a', lastOfferAt: 1 }), aCandidate({ name: 'b' })];
    expect(roundRobin([a, b])).toMatchObject({ target: b, reason: 'round robin: never had an offer' });
  });

  it('chooses nobody of none', () => {
    expect(roundRobin([])).toBeNull();
  });
});

describe('considered', () => {
  const best = aCandidate({ name: 'a', capabilities: ['x', 'y'] });
  const worse = aCandidate({ name: 'b', capabilities: ['x'] });
  const twin = aCandidate({ name: 'c', capabilities: ['x', 'y'], busy: 1 });
  const stranger = aCandidate({ name: 'd' });

  it('puts every candidate on record with its score and the words why it was or was not chosen (rule R1)', () => {
    const all = [best, worse, twin, stranger];
    expect(considered({ candidates: all, passedOver: [] }, byTags(['x', 'y'], all))).toEqual([
      { instanceId: best.id, name: 'a', score: 2, chosen: true, why: '2 of 2 tags match: x, y' },
      { instanceId: twin.id, name: 'c', score: 2, chosen: false, why: 'as good, but busier or offered more recently' },
      { instanceId: worse.id, name: 'b', score: 1, chosen: false, why: '1 tag matches' },
      { instanceId: stranger.id, name: 'd', score: 0, chosen: false, why: 'no tag matches' },
    ]);
  });

  it('names one word and several in their own words (rule K1)', () => {
    const [one, two] = [['a'], ['a', 'b']].map((matchedWords) =>
      byKeywords([aCandidate({ name: 'x', keywordScore: 0.1, matchedWords })]),
    );
    expect([one?.reason, two?.reason]).toEqual(['word matches: a', 'words match: a, b']);
  });

  it('has nobody where there is nobody, and the smaller id of two that are the same (rule R6)', () => {
    expect([roundRobin([]), leastBusy([]), byKeywords([])]).toEqual([null, null, null]);
    const same = aCandidate({ name: 'a' });
    const [a, b] = [aCandidate({ name: 'a' }), aCandidate({ name: 'b' })];
    expect([roundRobin([b, a])?.target, roundRobin([a, b])?.target, roundRobin([same, same])?.target]).toEqual([
      a,
      a,
      same,
    ]);
  });

  it('counts one tag and several in their own words', () => {
    const three = aCandidate({ name: 'a', capabilities: ['x', 'y', 'z'] });
    const two = aCandidate({ name: 'b', capabilities: ['x', 'y'] });
    const all = [three, two];
    const choice = byTags(['x', 'y', 'z'], all);
    expect(considered({ candidates: all, passedOver: [] }, choice)[1]?.why).toBe('2 tags match');
  });

  it('says how busy the others are', () => {
    const all = [best, twin];
    expect(considered({ candidates: all, passedOver: [] }, leastBusy(all))).toMatchObject([
      { chosen: true },
      { chosen: false, score: -1, why: '1 open' },
    ]);
  });

  it('says whose turn it was not', () => {
    const [a, b] = [aCandidate({ name: 'a' }), aCandidate({ name: 'b', lastOfferAt: 1 })];
    expect(considered({ candidates: [a, b], passedOver: [] }, roundRobin([a, b]))[1]).toMatchObject({
      chosen: false,
      why: 'had an offer more recently',
    });
  });

  it('puts the best fifty on record, the chosen one first, and then who is not asked (rule R1)', () => {
    const many = Array.from({ length: 60 }, (_, index) => aCandidate({ name: 'm', id: anId(index), busy: 60 - index }));
    const passedOver = [{ id: anId(99), name: 'shy', why: 'refused this task' }];
    const full = considered({ candidates: many, passedOver }, leastBusy(many));
    expect(full).toHaveLength(50);
    expect(full[0]).toMatchObject({ instanceId: anId(59), chosen: true });
    expect(considered({ candidates: [best], passedOver }, null)).toMatchObject([
      { name: 'a' },
      { name: 'shy', score: 0, chosen: false, why: 'refused this task' },
    ]);
  });

  it('says that nobody was needed', () => {
    expect(considered({ candidates: [best], passedOver: [] }, null)).toMatchObject([
      { chosen: false, why: 'not needed' },
    ]);
  });
});
