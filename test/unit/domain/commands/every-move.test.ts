import { describe, expect, it } from '@jest/globals';
import { HOPPER } from '../../../../src/domain/actor.ts';
import type { Change } from '../../../../src/domain/change.ts';
import { evolve } from '../../../../src/domain/change.ts';
import { judge } from '../../../../src/domain/commands/judge.ts';
import type { OpenLease } from '../../../../src/domain/lease.ts';
import type { TaskAggregate } from '../../../../src/domain/task-aggregate.ts';
import type { TaskCommand } from '../../../../src/domain/task-command.ts';
import {
  anActor,
  anAggregate,
  anId,
  anOfferedTask,
  aQueuedTask,
  aTarget,
  aWorkPolicy,
  secondsLater,
} from '../../../support/builders.ts';

const ana = anActor('ana');
const REASON = 'because ana says so';
const lease: OpenLease = {
  ...{ id: anId(9), workerId: 'w1', attempt: 1, timeoutSeconds: 30, expiresAt: secondsLater(30) },
};

/** Every state of the table of tasks, one that nobody has to decide at once (rule T1). */
const STATES = {
  routing: anAggregate(),
  postponed: anAggregate({ status: 'routing', retryAt: secondsLater(60) }),
  offered: anOfferedTask(),
  queued: aQueuedTask(),
  'queued at its entry': anAggregate({ status: 'queued' }),
  in_progress: { ...aQueuedTask({ status: 'in_progress' }), lease },
  question: { ...aQueuedTask({ status: 'blocked', blockedOn: 'question' }), lease },
  held: aQueuedTask({ status: 'blocked', blockedOn: 'held' }),
  waiting: aQueuedTask({ status: 'waiting' }),
  completed: aQueuedTask({ status: 'completed', finishedBy: 'bob' }),
  failed: aQueuedTask({ status: 'failed', finishedBy: 'bob' }),
  rejected: aQueuedTask({ status: 'rejected', finishedBy: 'hopper' }),
  cancelled: aQueuedTask({ status: 'cancelled', finishedBy: 'bob' }),
} as const satisfies Record<string, TaskAggregate>;
type State = keyof typeof STATES;

const MOVES = {
  escalate: { kind: 'escalate', reason: REASON },
  reroute: { kind: 'reroute', reason: REASON },
  'reroute by force': { kind: 'reroute', reason: REASON, force: true },
  reassign: { kind: 'reassign', targetInstanceId: aTarget().id, delegationType: 'reassign', notes: REASON },
  cancel: { kind: 'cancel', reason: REASON },
} as const satisfies Record<string, TaskCommand>;

const NO = 'task_conflict';
const LEASED = 'lease_conflict';
const ENDED = { escalate: NO, reroute: NO, 'reroute by force': NO, reassign: NO, cancel: NO } as const;
const [UP, ANEW, OVER, END] = ['task_escalated', 'task_rerouted', 'task_reassigned', 'task_cancelled'] as const;

/** What each move comes to in each state: the event that it writes, or the code of the refusal (design §5). */
const TABLE = {
  routing: { escalate: NO, reroute: NO, 'reroute by force': NO, reassign: NO, cancel: END },
  postponed: { escalate: NO, reroute: ANEW, 'reroute by force': ANEW, reassign: OVER, cancel: END },
  offered: { escalate: NO, reroute: ANEW, 'reroute by force': ANEW, reassign: OVER, cancel: END },
  queued: { escalate: UP, reroute: ANEW, 'reroute by force': ANEW, reassign: OVER, cancel: END },
  'queued at its entry': { escalate: NO, reroute: ANEW, 'reroute by force': ANEW, reassign: OVER, cancel: END },
  in_progress: { escalate: UP, reroute: LEASED, 'reroute by force': ANEW, reassign: OVER, cancel: END },
  question: { escalate: UP, reroute: LEASED, 'reroute by force': ANEW, reassign: OVER, cancel: END },
  held: { escalate: NO, reroute: ANEW, 'reroute by force': ANEW, reassign: OVER, cancel: END },
  waiting: { escalate: NO, reroute: NO, 'reroute by force': NO, reassign: NO, cancel: END },
  completed: ENDED,
  failed: ENDED,
  rejected: ENDED,
  cancelled: ENDED,
} as const satisfies Record<State, Record<keyof typeof MOVES, Change['type'] | typeof NO | typeof LEASED>>;

const CELLS = Object.entries(TABLE).flatMap(([state, row]) =>
  Object.entries(row).map(([move, outcome]) => [move as keyof typeof MOVES, state as State, outcome] as const),
);
const DONE = CELLS.filter(([, , outcome]) => outcome !== NO && outcome !== LEASED);
const REFUSED = CELLS.filter(([, , outcome]) => outcome === NO || outcome === LEASED);

const judged = (move: keyof typeof MOVES, state: State) =>
  judge(STATES[state], ana, MOVES[move], move === 'reassign' ? aTarget() : null, aWorkPolicy());

describe('the moves of an operator', () => {
  it.each(DONE)(
    '%s moves a task that is %s: %s, with who and why (rules T1, T3, T4, T5 and R4)',
    (move, state, type) => {
      const verdict = judged(move, state);
      if (verdict.kind !== 'change') throw new Error(JSON.stringify(verdict));
      const { change } = verdict;
      expect([change.type, change.actor]).toEqual([type, ana]);
      expect(move === 'reassign' ? change.opened?.notes : change.detail['reason']).toBe(REASON);
      expect(evolve(STATES[state], change, anId(0x99)).lease).toBeNull();
    },
  );

  it.each(REFUSED)('%s does nothing to a task that is %s, and says what it is: %s (rule T1)', (move, state, code) => {
    const verdict = judged(move, state);
    const { status } = STATES[state].task;
    expect(verdict).toMatchObject({ kind: 'conflict', code });
    const words = code === LEASED ? 'w1 has a lease on it' : `task is ${status}`;
    expect(verdict).toMatchObject({ detail: expect.stringContaining(words) });
  });

  it('go to nobody who has ended it already without naming who did (rule T3)', () => {
    expect(judged('cancel', 'completed')).toMatchObject({ detail: 'task is completed, by bob' });
    expect(judged('cancel', 'rejected')).toMatchObject({ detail: `task is rejected, by ${HOPPER.name}` });
  });
});
