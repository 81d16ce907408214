import { describe, expect, it } from '@jest/globals';
import { explainTask } from '../../../../src/domain/explain/explain-task.ts';
import type { Join } from '../../../../src/domain/parts/part.ts';
import { anId } from '../../../support/builders.ts';
import { someFacts } from './facts.ts';

const ID = anId(1);
const WHOLE = { id: anId(2), title: 'The whole', before: [] as string[] };

function stand(given: Parameters<typeof someFacts>[0]) {
  const { headline, waitsFor } = explainTask(someFacts(given));
  return { headline, what: waitsFor?.what, how: waitsFor?.how };
}

describe('a task that was split (rules X1 and J2)', () => {
  const split = (finished: number, join: Join = 'all', lost: string[] = []) =>
    stand({ task: { status: 'waiting', join }, parts: { total: 3, finished, lost } });

  it.each([
    [0, '“Split the invoices” waits at hopper for its parts: 0 of 3 parts are done.'],
    [1, '“Split the invoices” waits at hopper for its parts: 1 of 3 parts is done.'],
  ])('says how many parts are done: %i', (finished, words) => {
    expect(split(finished).headline).toBe(words);
  });

  it.each<[Join, string]>([
    ['all', 'when all of them are'],
    ['any', 'when one of them is'],
    ['best_effort', 'when none of them is open'],
  ])('says what the join %s waits for, and how to see the parts', (join, words) => {
    const { what, how } = split(1, join);
    expect(what).toContain(words);
    expect(how).toContain(`hopper task list --parent ${ID}  # shows them`);
  });

  it('names the parts that did not complete, and what follows from it', () => {
    const { headline, what } = split(2, 'all', ['a', 'b\nc']);
    expect(headline).toContain('2 of 3 parts are done, "a", "b c" did not complete.');
    expect(what).toContain('it fails once those that still run have ended');
    expect(split(1, 'any', ['a']).what).toContain('"a" did not complete; it is completed when one of them is');
  });
});

describe('a part (rules X1 and J1)', () => {
  it('is named with its whole, whatever it does', () => {
    expect(stand({ task: { status: 'completed' }, partOf: WHOLE }).headline).toMatch(
      /^“Split the invoices”, a part of “The whole”, was completed/,
    );
  });

  it.each([
    [['a'], 'has not begun: it waits for part "a" to be completed.'],
    [['a', 'b'], 'has not begun: it waits for parts "a", "b" to be completed.'],
    [[], 'has not begun: it waits for its turn.'],
  ])('that has not begun says for whom it waits: %j', (before, words) => {
    const { headline, how } = stand({ task: { status: 'waiting' }, partOf: { ...WHOLE, before } });
    expect(headline).toContain(words);
    expect(how).toEqual([`hopper task list --parent ${WHOLE.id}  # shows all of them`]);
  });
});
