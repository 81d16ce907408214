import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { backOffMs } from '../../../src/cli/work/back-off.ts';
import { boardLines, type BoardState } from '../../../src/cli/work/board.ts';
import { duration } from '../../../src/cli/work/duration.ts';

const PLAIN = pc.createColors(false);
const NO_TALLY = { completed: 0, failed: 0, released: 0, decomposed: 0, lost: 0 };
const aState = (over: Partial<BoardState> = {}): BoardState => ({
  name: 'backend-agents',
  concurrency: 2,
  slots: new Map([[2, { title: 'Split\nthe invoices', attempt: 3, since: 1_000, heardAt: 61_000 }]]),
  tally: { ...NO_TALLY, completed: 5, failed: 1 },
  notice: null,
  isStopping: false,
  ...over,
});
const drawn = (state: BoardState, columns = 80, rows = 24): string[] =>
  boardLines(state, { columns, rows }, 66_000, PLAIN);

describe('boardLines', () => {
  it('has a line for each slot, with task, attempt, how long it runs and when it was heard', () => {
    const [blank, ...lines] = drawn(aState());
    expect(blank).toBe('');
    expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['slot', 'attempt', 'running for', 'heartbeat', 'task'],
      ['1', 'waits for a task'],
      ['2', '3', '1 min 05 s', '5 s ago', 'Split the invoices'],
      ['backend-agents · 5 completed, 1 failed'],
    ]);
    expect(new Set(lines.slice(0, 3).map((line) => line.search(/task$|waits|Split/))).size).toBe(1);
  });

  it('is never wider than the terminal, and says that it was cut', () => {
    const slots = new Map([[1, { title: 'x'.repeat(300), attempt: 1, since: 0, heardAt: 0 }]]);
    const lines = drawn(aState({ slots, name: 'n'.repeat(90) }), 60);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
    expect(lines[2]).toMatch(/xx…$/);
  });

  it('has no more lines than the terminal', () => {
    const lines = drawn(aState({ concurrency: 100 }), 80, 12);
    expect(lines.length).toBeLessThan(12);
    expect(lines.join('\n')).toContain('and 93 more');
  });

  it('says in its last line what is in the way, and that it is stopping', () => {
    expect(drawn(aState({ notice: 'the API is away' })).at(-1)).toMatch(/· the API is away$/);
    expect(drawn(aState({ isStopping: true, tally: NO_TALLY })).at(-1)).toBe(
      'backend-agents · nothing done yet · stopping, 1 still running',
    );
  });
});

describe('duration', () => {
  it.each([
    [0.4, '0 s'],
    [59.9, '59 s'],
    [65, '1 min 05 s'],
    [7_800, '2 h 10 min'],
  ])('says %d seconds as %s', (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });
});

describe('backOffMs', () => {
  it('grows up to ten seconds, and never comes below half', () => {
    expect([0, 1, 2, 10, 5_000].map((tries) => backOffMs(tries, 1))).toEqual([500, 1_000, 2_000, 10_000, 10_000]);
    expect([0, 1, 10].map((tries) => backOffMs(tries, 0))).toEqual([250, 500, 5_000]);
  });
});
