import { describe, expect, it } from '@jest/globals';
import { explainTask } from '../../../../src/domain/explain/explain-task.ts';
import { instanceIn } from '../../../../src/domain/explain/facts.ts';
import { lengthOf } from '../../../../src/domain/explain/phrases.ts';
import type { Exclusion } from '../../../../src/domain/task.ts';
import { GLOBAL_ID, ORCHESTRATION_ID, PROJECT_ID, anId, secondsLater } from '../../../support/builders.ts';
import { ACCEPTED, OTHER_ID, aDecision, aLink, aMove, someFacts } from './facts.ts';

const names = (path: readonly { name: string }[]): string[] => path.map(({ name }) => name);
const BELOW = { hop: 1, sourceInstanceId: PROJECT_ID, targetInstanceId: ORCHESTRATION_ID, status: 'accepted' } as const;

describe('where (rule X1)', () => {
  it('is the entry instance, since the submission, where nothing has happened', () => {
    const { where } = explainTask(someFacts({ moves: [] }));
    expect([names(where.path), where.since, where.instance.status]).toEqual([
      ['hopper'],
      secondsLater(-3_600),
      'running',
    ]);
  });

  it('is the holder, with the way down to it, since it came there', () => {
    const moves = [
      aMove(-50),
      aMove(-40, { instanceId: ORCHESTRATION_ID }),
      aMove(-30, { instanceId: ORCHESTRATION_ID }),
    ];
    const chain = [ACCEPTED, aLink(BELOW)];
    const { where } = explainTask(
      someFacts({ task: { status: 'queued', instanceId: ORCHESTRATION_ID }, chain, moves }),
    );
    expect([names(where.path), where.since]).toEqual([['hopper', 'billing', 'builders'], secondsLater(-40)]);
  });

  it('is known of an ended task too, though all its hops are closed', () => {
    const left = aLink({ hop: 0, status: 'cancelled', acceptedAt: secondsLater(-90), targetInstanceId: OTHER_ID });
    const up = aLink({
      hop: 1,
      status: 'completed',
      delegationType: 'escalate',
      sourceInstanceId: OTHER_ID,
      targetInstanceId: GLOBAL_ID,
    });
    const chain = [left, up, aLink({ hop: 2, status: 'cancelled', acceptedAt: secondsLater(-60) })];
    const task = { status: 'failed', instanceId: PROJECT_ID, finishedAt: secondsLater(-5) } as const;
    expect(names(explainTask(someFacts({ task, chain })).where.path)).toEqual(['hopper', 'billing']);
  });

  it('names entry and holder where the way between is not on record', () => {
    const { where } = explainTask(someFacts({ task: { status: 'queued', instanceId: PROJECT_ID } }));
    expect(names(where.path)).toEqual(['hopper', 'billing']);
  });

  it('needs every instance that the facts name', () => {
    expect(() => instanceIn(someFacts(), anId(0xdead))).toThrow('the facts lack instance');
  });
});

describe('why (rule X1)', () => {
  it('has each decision with what became of it, its candidates and its policy', () => {
    const candidates = [{ instanceId: PROJECT_ID, name: 'billing', score: 1, chosen: true, why: 'tag x' }];
    const decisions = [
      aDecision({ candidates, candidatesLeftOut: 7 }),
      aDecision({ step: 1, hop: null, action: 'execute', targetInstanceId: null, instanceId: PROJECT_ID }),
    ];
    const chain = [aLink({ status: 'rejected', decidedBy: 'ana', notes: 'not ours' })];
    const { why } = explainTask(someFacts({ decisions, chain, decisionsLeftOut: 0 }));
    expect(why).toMatchObject([
      {
        ...{ hop: 0, step: 0, action: 'delegate', instance: { name: 'hopper' }, target: { name: 'billing' } },
        ...{ policyHash: 'a hash', candidates, candidatesLeftOut: 7 },
        outcome: { status: 'rejected', by: 'ana', notes: 'not ours' },
      },
      { hop: null, step: 1, action: 'execute', instance: { name: 'billing' }, target: null, outcome: null },
    ]);
  });

  it('has what people did without a decision, with their name and their words', () => {
    const at = { delegatedAt: secondsLater(-30) };
    const chain = [
      aLink({ ...at, hop: 0, delegationType: 'reassign', status: 'accepted', notes: 'accepted words' }, null),
      aLink({ hop: 1, delegationType: 'escalate', delegatedAt: secondsLater(-20), status: 'completed' }, null),
      aLink({ hop: 2, delegationType: 'route', delegatedAt: secondsLater(-15), status: 'accepted' }, null),
    ];
    const moves = [aMove(-30, { by: 'ana', reason: 'they know it' }), aMove(-20, { by: 'bob' })];
    const { why } = explainTask(
      someFacts({ chain, moves, decisions: [aDecision({ hop: null, decidedAt: secondsLater(-25) })] }),
    );
    expect(why.map(({ action, reason, strategy, step }) => [action, reason, strategy, step])).toEqual([
      ['reassign', 'handed over by ana: they know it', 'by_hand', null],
      ['delegate', '1 of 1 tags match: x', 'tags', 0],
      ['escalate', 'given back by bob', 'by_hand', null],
      ['reassign', 'handed over', 'by_hand', null],
    ]);
  });

  it('takes what an instance gave back by its own decision for one step', () => {
    const decided = { action: 'escalate', targetInstanceId: null, hop: null } as const;
    const chain = [aLink({ delegationType: 'escalate', status: 'completed' }, null)];
    expect(explainTask(someFacts({ chain, decisions: [aDecision(decided)] })).why).toHaveLength(1);
    const later = aDecision({ ...decided, decidedAt: secondsLater(-1) });
    expect(explainTask(someFacts({ chain, decisions: [later] })).why).toHaveLength(2);
  });

  it('shows the last steps of a long way, and says how many are left out', () => {
    const decisions = [aDecision({ step: 60, decidedAt: secondsLater(-30) })];
    const early = aLink({ delegationType: 'reassign', delegatedAt: secondsLater(-300), status: 'cancelled' }, null);
    const { why, whyLeftOut } = explainTask(someFacts({ decisions, decisionsLeftOut: 60, chain: [early] }));
    expect([why.length, whyLeftOut]).toEqual([1, 60]);
  });
});

describe('not asked (rule X1)', () => {
  const notAsked = (exclusions: Exclusion[], chain = [] as ReturnType<typeof aLink>[]) =>
    explainTask(someFacts({ task: { exclusions }, chain })).notAsked.map(({ instance, why, until }) => [
      instance.name,
      why,
      until,
    ]);
  const later = (seconds: number): Exclusion => ({
    instanceId: PROJECT_ID,
    why: 'postponed',
    at: secondsLater(seconds).toISOString(),
  });

  it('names who refused with their words, who let it run out and who gave it back', () => {
    const chain = [
      aLink({ hop: 0, status: 'rejected', decidedBy: 'ana', notes: 'not\nours.' }),
      aLink({
        hop: 1,
        delegationType: 'escalate',
        sourceInstanceId: ORCHESTRATION_ID,
        targetInstanceId: PROJECT_ID,
        decidedBy: null,
        notes: null,
      }),
    ];
    expect(
      notAsked(
        [
          { instanceId: PROJECT_ID, why: 'refused' },
          { instanceId: OTHER_ID, why: 'expired' },
          { instanceId: ORCHESTRATION_ID, why: 'escalated' },
          { instanceId: anId(0xdead), why: 'refused' },
        ],
        chain,
      ),
    ).toEqual([
      ['billing', 'refused it: “not ours” (ana)', null],
      ['shipping', 'let its offer run out', null],
      ['builders', 'gave it back', null],
      [anId(0xdead), 'refused it', null],
    ]);
  });

  it('names who had it when it stopped, until it runs again', () => {
    const left = [PROJECT_ID, PROJECT_ID, OTHER_ID, anId(0xdead)];
    const exclusions = left.map((instanceId): Exclusion => ({ instanceId, why: 'stopped' }));
    const facts = someFacts({ task: { exclusions }, statuses: { [PROJECT_ID]: 'stopped' } });
    expect(explainTask(facts).notAsked).toEqual([
      { instance: { id: PROJECT_ID, name: 'billing' }, why: 'had it when it stopped, and is stopped', until: null },
    ]);
  });

  it('says until when somebody is not asked, for good after too many times, and nothing once the time has come', () => {
    expect(notAsked([later(-20)])).toEqual([
      ['billing', 'asked to be asked again later (12:00 UTC)', secondsLater(40)],
    ]);
    expect(notAsked([later(-61)])).toEqual([]);
    expect(notAsked([later(-300), later(-200), later(-100)])).toEqual([
      ['billing', 'asked to be asked again later 3 times, as often as it may', null],
    ]);
  });
});

describe('lengthOf', () => {
  it.each([
    [1_000, '1 second'],
    [119_999, '119 seconds'],
    [120_000, '2 minutes'],
    [7_199_999, '119 minutes'],
    [7_200_000, '2 hours'],
    [172_799_999, '47 hours'],
    [172_800_000, '2 days'],
  ])('says %i ms in the largest unit', (milliseconds, words) => {
    expect(lengthOf(milliseconds)).toBe(words);
  });
});
