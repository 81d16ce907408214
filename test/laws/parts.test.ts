import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endByParts } from '../../src/domain/commands/join-parts.ts';
import { MAX_RESULT_BYTES } from '../../src/domain/json.ts';
import { type PartEnd, collectResults } from '../../src/domain/parts/collect-results.ts';
import { newParts } from '../../src/domain/parts/new-parts.ts';
import { type PartMove, type PartsStand, standOf } from '../../src/domain/parts/next-parts.ts';
import { problemsOfList } from '../../src/domain/parts/part-list.ts';
import { JOINS, type Join, type Part } from '../../src/domain/parts/part.ts';
import { isFinal } from '../../src/domain/task.ts';
import { aQueuedTask, secondsLater } from '../support/builders.ts';
import { aSpec } from '../support/parts.ts';

const ENDS = ['completed', 'completed', 'failed', 'rejected', 'cancelled'] as const;

/** For each part the numbers that it waits for, all of them smaller: a list that can be carried out. */
const anyOrder: fc.Arbitrary<number[][]> = fc
  .array(fc.array(fc.nat({ max: 20 }), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((list) => list.map((wanted, no) => [...new Set(wanted)].filter((other) => other < no)));

/** Which of the open parts ends next, how, and how much later than the one before. */
const anySequence = fc.array(
  fc.record({ pick: fc.nat(), end: fc.constantFrom(...ENDS), seconds: fc.nat({ max: 1 }) }),
  { minLength: 15, maxLength: 15 },
);

class Run {
  parts: readonly Part[];
  readonly join: Join;
  readonly told: PartMove[] = [];

  constructor(order: readonly (readonly number[])[], join: Join) {
    const specs = order.map((after, no) => aSpec(String(no), after.map(String)));
    this.parts = newParts(specs, String);
    this.join = join;
  }

  get whole() {
    return { ...aQueuedTask({ status: 'waiting', join: this.join }), parts: this.parts };
  }

  stand(): PartsStand {
    return standOf(this.whole);
  }

  /** Carries out what is to be done, in one go as `joinParts` does, until nothing is. */
  settle(at: Date): void {
    for (let { moves } = this.stand(); moves.length > 0; { moves } = this.stand()) {
      this.told.push(...moves);
      this.parts = this.parts.map((part) => carriedOut(part, moves, at));
    }
  }

  /** False once no part can end any more. */
  end({ pick, end }: { pick: number; end: (typeof ENDS)[number] }, at: Date): boolean {
    const running = this.parts.filter((part) => part.isReleased && !isFinal(part.status));
    const chosen = running[pick % Math.max(1, running.length)];
    if (chosen === undefined) return false;
    this.parts = this.parts.map((part) => (part === chosen ? { ...part, status: end, finishedAt: at } : part));
    return true;
  }
}

function carriedOut(part: Part, moves: readonly PartMove[], at: Date): Part {
  const move = moves.find((each) => each.part.id === part.id);
  if (move === undefined) return part;
  if (move.to === 'released') return { ...part, status: 'routing', isReleased: true };
  return { ...part, status: 'cancelled', isSkipped: move.to === 'skipped', finishedAt: at };
}

type Look = (run: Run, before: PartsStand) => void;

/** Lets the parts of any list end in any way and order, and looks after each end. */
function always(look: Look, atEnd: (run: Run) => void = () => undefined): void {
  fc.assert(
    fc.property(anyOrder, fc.constantFrom(...JOINS), anySequence, (order, join, sequence) => {
      const run = new Run(order, join);
      let clock = 0;
      for (const next of sequence) {
        const before = run.stand();
        clock += next.seconds;
        if (!run.end(next, secondsLater(clock))) break;
        run.settle(secondsLater(clock));
        look(run, before);
      }
      atEnd(run);
    }),
  );
}

describe('the parts of any task, whatever becomes of them in whatever order', () => {
  it('decide its join once, and no later end undoes it (rule J2)', () => {
    always((run, before) => {
      if (before.joined.kind !== 'open') expect(run.stand().joined.kind).toBe(before.joined.kind);
    });
  });

  it('begin only when all that they wait for completed, each once (rule J1)', () => {
    always((run) => {
      const statusOf = new Map(run.parts.map((part) => [part.id, part.status]));
      for (const part of run.parts.filter((each) => each.isReleased))
        expect(part.after.map((id) => statusOf.get(id))).toEqual(part.after.map(() => 'completed'));
      const moved = run.told.map(({ part }) => part.id);
      expect(new Set(moved).size).toBe(moved.length);
    });
  });

  it('leave nothing open, and end the task, once all that have begun are over (rule J3)', () => {
    always(
      () => undefined,
      (run) => {
        const isOver = run.parts.every((part) => !part.isReleased || isFinal(part.status));
        expect(endByParts(run.whole, null) !== null).toBe(isOver);
        if (isOver) expect(run.stand()).toMatchObject({ open: 0, moves: [] });
      },
    );
  });

  it('are let begin by nobody once the join is decided (rule J3)', () => {
    always((run) => {
      const { joined, open } = run.stand();
      const running = run.parts.filter((part) => part.isReleased && !isFinal(part.status));
      if (joined.kind !== 'open') expect(open).toBe(running.length);
    });
  });
});

describe('problemsOfList', () => {
  it('takes exactly the lists with unique, known keys and no circle (rule J4)', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const list = fc.array(fc.record({ key, after: fc.uniqueArray(key, { maxLength: 2 }) }), { maxLength: 5 });
    fc.assert(
      fc.property(list, (parts) => {
        expect(problemsOfList(parts).length === 0).toBe(canBeCarriedOut(parts));
      }),
      { numRuns: 2_000 },
    );
  });
});

type Linked = Parameters<typeof problemsOfList>[0];

/** The plain way to say it: some order of the parts has every part behind those that it waits for. */
function canBeCarriedOut(parts: Linked): boolean {
  if (parts.length === 0 || new Set(parts.map((part) => part.key)).size < parts.length) return false;
  const orders = (left: Linked, done: readonly string[]): boolean =>
    left.length === 0 ||
    left.some(
      (part) =>
        part.after.every((other) => done.includes(other)) &&
        orders(
          left.filter((each) => each !== part),
          [...done, part.key],
        ),
    );
  return orders(parts, []);
}

describe('collectResults', () => {
  it('stays within what a result may be, and names every part (rules J2 and D7)', () => {
    const anyEnd: fc.Arbitrary<Omit<PartEnd, 'taskId' | 'key'>> = fc.record({
      status: fc.constantFrom('completed', 'failed', 'cancelled'),
      result: fc.oneof(
        fc.nat({ max: 70_000 }).map((length) => 'ü'.repeat(length)),
        fc.jsonValue(),
      ) as fc.Arbitrary<never>,
      reason: fc.option(fc.string({ maxLength: 3_000 })),
    });
    const keys = fc.constantFrom('k', '"', 'ü', '🐇', '\u0001');
    const ends = fc.array(anyEnd, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(ends, keys, fc.constantFrom(0, 10, 97), (some, letter, length) => {
        const all = Array.from({ length: 500 }, (_, no): PartEnd => ({
          ...some[no % some.length]!,
          taskId: '00000000-0000-7000-8000-000000000000',
          key: `${letter.repeat(Math.floor(length / letter.length))}${String(no)}`,
        }));
        const collected = collectResults(all);
        expect(Buffer.byteLength(JSON.stringify(collected))).toBeLessThanOrEqual(MAX_RESULT_BYTES);
        expect(collected['parts']).toHaveLength(500);
      }),
      { numRuns: 40 },
    );
  });
});
