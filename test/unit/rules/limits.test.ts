import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/domain/json.ts';
import { createRuleEngine } from '../../../src/rules/rule-engine.ts';
import { aTask } from '../../support/builders.ts';

const engine = createRuleEngine();
const ones = Array.from({ length: 32_000 }, () => 1);
const objects = Array.from({ length: 6_000 }, () => ({ a: 1 }));
const TAGS = Array.from({ length: 200 }, (_, index) => `tag ${String(index)}`);
const big = (metadata: JsonObject, description = 'a'.repeat(9_990)) =>
  aTask({ title: 'x', description, tags: TAGS, metadata });

/** Far above what any of these takes (70 ms at most), far below what they would take without a limit. */
const BOUND_MS = 1_500;

function within(work: () => unknown): unknown {
  const begun = process.cpuUsage().user;
  try {
    return work();
  } catch (error) {
    return (error as Error).message;
  } finally {
    expect((process.cpuUsage().user - begun) / 1_000).toBeLessThan(BOUND_MS);
  }
}

describe('the limits of an expression (rule L3)', () => {
  it.each([
    ['parts', `${'1 + '.repeat(300)}1 > 0`, 'it has 603 parts, and 400 are allowed'],
    ['brackets', '('.repeat(990), 'more than 40 brackets are within one another'],
    ['lists', `${'['.repeat(990)}${']'.repeat(990)}`, 'more than 40 brackets'],
    [
      'loops',
      'tags.exists(a, tags.exists(b, tags.exists(c, a == b && b == c)))',
      'exists, all, map and filter may be 2 within one another, not more',
    ],
    ['a regular expression', 'text.matches("((a{0,30}){0,30})c")', 'instructions, and 500 are allowed'],
  ])('are checked when it is read: %s', (_what, expression, problem) => {
    expect(within(() => engine.problemOf(expression))).toContain(problem);
  });

  it.each([
    ['a loop over 64 kB', 'metadata.l.exists(x, x == 2)', { l: ones }],
    ['a loop in a loop', 'metadata.l.all(a, metadata.l.all(b, true))', { l: ones }],
    ['a loop that begins again and again', 'metadata.l.exists(a, metadata.l.exists(b, true) && false)', { l: ones }],
    ['a loop over tags in a loop over tags', 'tags.exists(a, tags.exists(b, a + b == "x"))', {}],
    ['an error in each turn', 'metadata.l.exists(x, x.b == 2)', { l: objects }],
    ['an error that another part forgives', 'metadata.l.exists(x, x.b == 2) || true', { l: objects }],
    ['a list that grows', 'metadata.l.filter(x, x == 1).size() == 2', { l: ones }],
    ['a text that doubles', `[text]${'.map(x, x + x)'.repeat(30)}.size() > 0`, {}],
    ['a list that doubles', `[[1]]${'.map(x, x + x)'.repeat(30)}.size() > 0`, {}],
    ['long texts in a loop', 'tags.map(x, text + text).exists(x, x.contains("bbbbbbbb"))', {}],
    [
      'a search that nearly finds',
      Array.from({ length: 60 }, () => 'text.contains(metadata.n)').join(' || '),
      { n: `${'a'.repeat(2_000)}b${'a'.repeat(2_000)}` },
    ],
    [
      'large values compared',
      Array.from({ length: 60 }, () => 'metadata.a == metadata.b').join(' && '),
      { a: ones.slice(0, 12_000), b: ones.slice(0, 12_000) },
    ],
    ['the length of a long text', Array.from({ length: 40 }, () => 'size(text + text + text) > 1').join(' && '), {}],
  ])('end what would take long: %s', (_what, expression, metadata) => {
    expect(engine.problemOf(expression)).toBeNull();
    const task = big(metadata);
    expect(within(() => engine.holds(expression, task))).toBe('it takes more than 25000 steps for this task');
  });

  it.each(['^(a+)+$', '(a*)*b', '(a|aa)+$', '(.*)(.*)(.*)[0-9]$', '(x+x+)+y'])(
    'let no regular expression try all ways: %s',
    (pattern) => {
      expect([false, 'it takes more than 25000 steps for this task']).toContain(
        within(() => engine.holds(`text.matches("${pattern}")`, big({}, `${'a'.repeat(9_988)}!`))),
      );
    },
  );

  it('leave room for what people write', () => {
    const task = big({ items: Array.from({ length: 500 }, (_, size) => ({ size })) }, 'word '.repeat(1_000));
    expect(engine.holds('metadata.items.exists(i, i.size > 498)', task)).toBe(true);
    expect(engine.holds('tags.exists(t, t.startsWith("tag 19")) && text.contains("word")', task)).toBe(true);
    expect(engine.holds('text.matches("(?i)invoice|(?i)bill")', task)).toBe(false);
    expect(engine.holds('["bill", "tag 7"].exists(each, each in tags)', task)).toBe(true);
  });

  it('count the same steps for the same question, so that every worker comes to the same end (rule B2)', () => {
    const expression = 'metadata.l.exists(x, x == 2)';
    const ends = [100, 1_000, 2_000, 2_500, 3_000].map((length) => {
      const task = big({ l: ones.slice(0, length) });
      return [createRuleEngine(), engine].map((each) => within(() => each.holds(expression, task)));
    });
    for (const [one, other] of ends) expect(one).toBe(other);
  });
});
