import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOPPER } from '../../src/domain/actor.ts';
import { type Change, evolve } from '../../src/domain/change.ts';
import { applyDecision } from '../../src/domain/commands/apply-decision.ts';
import { judge } from '../../src/domain/commands/judge.ts';
import type { NamedTarget } from '../../src/domain/commands/move-task.ts';
import { canDelegationMove } from '../../src/domain/delegation.ts';
import { instancesOnPath, pathOf } from '../../src/domain/path.ts';
import type { RoutingDecision } from '../../src/domain/routing-decision.ts';
import type { TaskAggregate } from '../../src/domain/task-aggregate.ts';
import type { TaskCommand } from '../../src/domain/task-command.ts';
import { HOP_LIMIT, canTaskMove, isFinal } from '../../src/domain/task.ts';
import { GLOBAL_ID, aTarget, anActor, anAggregate, aWorkPolicy, anId, secondsLater } from '../support/builders.ts';

/** A Global with three projects, each with two orchestrations; every second instance accepts by hand. */
const PROJECTS = [1, 2, 3].map((number) =>
  aTarget({ id: anId(number * 16), name: `p${String(number)}`, acceptance: number % 2 === 0 ? 'manual' : 'auto' }),
);
const ORCHESTRATIONS = PROJECTS.flatMap(({ id, name, ancestorIds }, index) =>
  ['a', 'b'].map((letter, offset) =>
    aTarget({
      id: anId((index + 1) * 16 + offset + 1),
      name: name + letter,
      scope: 'orchestration',
      ancestorIds: [id, ...ancestorIds],
      acceptance: letter === 'a' ? 'manual' : 'auto',
    }),
  ),
);
const TREE: readonly NamedTarget[] = [
  aTarget({ id: GLOBAL_ID, scope: 'global', ancestorIds: [] }),
  ...PROJECTS,
  ...ORCHESTRATIONS,
];
/** When every task of these lives is due: in the midst of most of them. */
const DUE = secondsLater(1_000);
const ACTORS = [anActor('ana'), anActor('bob'), HOPPER];

/** One thing that happens: numbers that pick among what is there, so that shrinking stays meaningful. */
const anyDeed = fc.record({
  verb: fc.constantFrom(
    'decide',
    'accept',
    'reject',
    'expire',
    'escalate',
    'reroute',
    'reassign',
    'complete',
    'fail',
    'cancel',
    'leave',
    'overdue',
  ),
  which: fc.nat({ max: 60 }),
  actor: fc.constantFrom(...ACTORS),
  seconds: fc.nat({ max: 1_200 }),
});
type Deed = typeof anyDeed extends fc.Arbitrary<infer Value> ? Value : never;

const openDeeds = fc.array(
  anyDeed.filter(({ verb }) => verb !== 'complete' && verb !== 'fail' && verb !== 'cancel'),
  { maxLength: 40 },
);
const anyLife = fc.oneof(fc.array(anyDeed, { maxLength: 40 }), openDeeds);
const aLongLife = fc.array(
  anyDeed.filter(({ verb }) => verb === 'decide' || verb === 'accept' || verb === 'escalate' || verb === 'reassign'),
  { minLength: 150, maxLength: 250 },
);

const pick = <Item>(items: readonly Item[], which: number): Item | undefined =>
  items[which % Math.max(1, items.length)];

/** What a deed comes to; null if nothing is written. */
function changeOf(aggregate: TaskAggregate, deed: Deed): Change | null {
  if (deed.verb === 'decide') return aggregate.task.status === 'routing' ? decided(aggregate, deed) : null;
  const command = commandOf(aggregate, { ...deed, verb: deed.verb });
  const onDueMissed = (['none', 'escalate', 'none', 'escalate', 'cancel'] as const)[deed.which % 5]!;
  const verdict = judge(aggregate, deed.actor, command, namedBy(command), aWorkPolicy({ onDueMissed }));
  return verdict.kind === 'change' ? verdict.change : null;
}

/** What is read of the instance that a command names; the one that tasks leave is stopping. */
function namedBy(command: TaskCommand): NamedTarget | null {
  if (command.kind === 'leave') return aTarget({ id: command.instanceId, name: 'stopping', status: 'stopping' });
  const id = command.kind === 'reassign' ? command.targetInstanceId : null;
  return TREE.find((each) => each.id === id) ?? null;
}

/** As a behaviour would: down to a child that is neither excluded nor on the path, else queue or give up. */
function decided(aggregate: TaskAggregate, { which }: Deed): Change {
  const { task, delegations } = aggregate;
  const because = { reason: 'because', strategy: 'law', candidates: [] };
  const taken = [
    ...task.exclusions.map((each) => each.instanceId),
    ...instancesOnPath(task.entryInstanceId, delegations),
  ];
  const children = TREE.filter((each) => each.ancestorIds[0] === task.instanceId && !taken.includes(each.id));
  const target = pick(children, which);
  if (target !== undefined) {
    const decision: RoutingDecision = { ...because, action: 'delegate', targetId: target.id };
    return applyDecision(aggregate, decision, target, { onUnroutable: 'hold', retryAt: null });
  }
  const action = task.instanceId === GLOBAL_ID ? 'reject' : (['queue', 'execute', 'escalate'] as const)[which % 3]!;
  return applyDecision(aggregate, { ...because, action }, null, {
    onUnroutable: which % 4 === 0 ? 'reject' : 'hold',
    retryAt: null,
  });
}

function commandOf({ delegations }: TaskAggregate, { verb, which }: Deed & { verb: TaskCommand['kind'] }): TaskCommand {
  const delegationId = pick(delegations.toReversed(), which)?.id ?? anId(0);
  switch (verb) {
    case 'reassign':
      return { kind: verb, targetInstanceId: pick(TREE, which)?.id ?? '', delegationType: 'reassign' };
    case 'leave':
      return { kind: verb, instanceId: pick(TREE, which)?.id ?? '', reason: 'it stops', force: which % 2 === 0 };
    case 'cancel':
    case 'reroute':
      return { kind: verb };
    case 'complete':
      return { kind: verb, delegationId: which % 5 === 0 ? null : delegationId };
    case 'reject':
    case 'fail':
    case 'escalate':
      return { kind: verb, delegationId, reason: 'because' };
    case 'accept':
    case 'expire':
      return { kind: verb, delegationId };
    case 'overdue':
      return { kind: verb, dueAt: DUE.toISOString() };
  }
}

/** Every state of one life with the change that led to it; the clock goes on with each deed. */
function statesOf(deeds: readonly Deed[]): { before: TaskAggregate; change: Change; after: TaskAggregate }[] {
  const states = [];
  let current = anAggregate({ dueAt: DUE });
  let clock = 0;
  for (const [index, deed] of deeds.entries()) {
    clock += deed.seconds;
    const before = { ...current, now: secondsLater(clock) };
    const change = changeOf(before, deed);
    if (change === null) continue;
    const after = evolve(before, change, anId(0x1000 + index));
    states.push({ before, change, after });
    const { followedBy } = change;
    current = followedBy === undefined ? after : evolve(after, followedBy, anId(0x1000 + index));
    if (followedBy !== undefined) states.push({ before: after, change: followedBy, after: current });
  }
  return states;
}

/** A law holds for every state of every life. */
function always(law: (state: ReturnType<typeof statesOf>[number]) => void, lives = anyLife, numRuns = 300): void {
  fc.assert(
    fc.property(lives, (deeds) => {
      statesOf(deeds).forEach(law);
    }),
    { numRuns },
  );
}

describe('judge and evolve', () => {
  it('leave at most one delegation pending, and one exactly while the task is offered (rule D3)', () => {
    always(({ after: { task, delegations } }) => {
      const pending = delegations.filter((each) => each.status === 'pending');
      expect(pending).toHaveLength(task.status === 'offered' ? 1 : 0);
    });
  });

  it('number the hops of a task without a gap (rule D2)', () => {
    always(({ after: { delegations } }) => {
      expect(delegations.map((each) => each.hop)).toEqual(delegations.map((_, index) => index));
    });
  });

  it('never put an instance on the path twice (rule D8)', () => {
    always(({ after: { task, delegations } }) => {
      const path = instancesOnPath(task.entryInstanceId, delegations);
      expect(new Set(path).size).toBe(path.length);
    });
  });

  it('let each hop of the path begin where the one before it ends (rule D8)', () => {
    always(({ after: { task, delegations } }) => {
      const path = instancesOnPath(task.entryInstanceId, delegations);
      expect(pathOf(delegations).map((hop) => hop.sourceInstanceId)).toEqual(path.slice(0, -1));
    });
  });

  it('keep an open task at the end of its path', () => {
    always(({ after: { task, delegations } }) => {
      if (!isFinal(task.status))
        expect(instancesOnPath(task.entryInstanceId, delegations).at(-1)).toBe(task.instanceId);
    });
  });

  it('never change a task that is final (rule T3)', () => {
    always(({ before: { task } }) => {
      expect(isFinal(task.status)).toBe(false);
    });
  });

  it('count each change as one step (law 3)', () => {
    always(({ before, after }) => {
      expect(after.task.step).toBe(before.task.step + 1);
    });
  });

  it('move tasks and delegations only along their lifecycles (rules T1 and D1)', () => {
    always(({ before, change, after }) => {
      if (change.type === 'due_missed') expect(after.task.status).toBe(before.task.status);
      else expect(canTaskMove(before.task.status, after.task.status)).toBe(true);
      for (const [index, { status }] of before.delegations.entries()) {
        const to = after.delegations[index]!.status;
        expect(to === status || canDelegationMove(status, to)).toBe(true);
      }
    });
  });

  it('complete the live path and nothing else (rules B5 and R4)', () => {
    always(({ before, change, after }) => {
      const wasOn = new Set(pathOf(before.delegations).map((hop) => hop.id));
      const completed = change.moves.filter((move) => move.to === 'completed').map((move) => move.id);
      expect(completed.toSorted()).toEqual(after.task.status === 'completed' ? [...wasOn].toSorted() : []);
    });
  });

  it('put on record once at most that a due time was missed (rule T6)', () => {
    const lives: number[] = [];
    fc.assert(
      fc.property(anyLife, (deeds) => {
        const missed = statesOf(deeds).filter(({ change }) => change.type === 'due_missed');
        expect(missed.length).toBeLessThanOrEqual(1);
        lives.push(missed.length);
      }),
      { numRuns: 300 },
    );
    expect(lives).toContain(1);
  });

  it('leave no delegation open when the task ends', () => {
    always(({ after: { task, delegations } }) => {
      if (isFinal(task.status)) expect(delegations.filter((each) => each.status === 'pending')).toEqual([]);
      if (isFinal(task.status)) expect(pathOf(delegations)).toEqual([]);
    });
  });

  it('never offer a task again to an instance that has refused it (rule R3)', () => {
    always(({ before: { task }, change: { opened } }) => {
      const refused = task.exclusions.filter((each) => each.why === 'refused').map((each) => each.instanceId);
      if (opened !== null && opened.delegationType !== 'escalate')
        expect(refused).not.toContain(opened.targetInstanceId);
    });
  });

  it('hand a task over fifty times at most (law 9)', () => {
    const longest: number[] = [];
    const lives = aLongLife;
    always(
      ({ after: { delegations } }) => {
        longest.push(delegations.length);
        expect(delegations.length).toBeLessThanOrEqual(HOP_LIMIT);
      },
      lives,
      100,
    );
    expect(Math.max(...longest)).toBe(HOP_LIMIT);
  });

  it('leave a task neither at an instance that stops nor offered to it, and lose none by that (rule I4)', () => {
    const leftBehind = ({ task, delegations }: TaskAggregate, id: string): boolean => {
      const isOffered = delegations.some((each) => each.status === 'pending' && each.targetInstanceId === id);
      const isHeldAtEntry = task.blockedOn === 'held' && task.entryInstanceId === id;
      const decidesAnew = task.status === 'routing' && task.retryAt === null;
      return isOffered || (task.instanceId === id && !decidesAnew && !isHeldAtEntry);
    };
    fc.assert(
      fc.property(anyLife, fc.constantFrom(...TREE), (deeds, { id }) => {
        const before = statesOf(deeds).at(-1)?.after ?? anAggregate();
        fc.pre(!isFinal(before.task.status) && before.delegations.length < HOP_LIMIT);
        const command = { kind: 'leave', instanceId: id, reason: 'it stops' } as const;
        const verdict = judge(before, HOPPER, command, namedBy(command), aWorkPolicy());
        const after = verdict.kind === 'change' ? evolve(before, verdict.change, anId(0)) : before;
        expect(isFinal(after.task.status)).toBe(false);
        expect(leftBehind(after, id)).toBe(false);
        expect(judge(after, HOPPER, command, namedBy(command), aWorkPolicy())).toEqual({ kind: 'done' });
      }),
      { numRuns: 500 },
    );
  });

  it('answer a repeat of what was just done with "done" or a conflict, never with a second change (rules D6 and T3)', () => {
    fc.assert(
      fc.property(anyLife, anyDeed, (deeds, deed) => {
        fc.pre(['accept', 'reject', 'expire', 'complete', 'fail', 'cancel'].includes(deed.verb));
        const current = statesOf(deeds).at(-1)?.after ?? anAggregate();
        const command = commandOf(current, deed as Deed & { verb: TaskCommand['kind'] });
        const verdict = judge(current, deed.actor, command, null, aWorkPolicy());
        if (verdict.kind !== 'change') return;
        const after = evolve(current, verdict.change, anId(0));
        expect(judge(after, deed.actor, command, null, aWorkPolicy())).toEqual({ kind: 'done' });
        const stranger = anActor('eve');
        if (deed.verb !== 'expire') expect(judge(after, stranger, command, null, aWorkPolicy()).kind).toBe('conflict');
      }),
      { numRuns: 500 },
    );
  });
});
