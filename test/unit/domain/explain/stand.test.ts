import { describe, expect, it } from '@jest/globals';
import { explainTask } from '../../../../src/domain/explain/explain-task.ts';
import { isFinal, TASK_STATUSES } from '../../../../src/domain/task.ts';
import { GLOBAL_ID, NOW, PROJECT_ID, anId, secondsLater } from '../../../support/builders.ts';
import { ACCEPTED, aDecision, aLink, aMove, someFacts } from './facts.ts';

const ID = anId(1);
const OFFER = aLink({ delegatedAt: secondsLater(-10) });
const stand = (given: Parameters<typeof someFacts>[0]) => {
  const { headline, waitsFor, ended } = explainTask(someFacts(given));
  return { headline, ended, ...waitsFor };
};

describe('explainTask (rule X1)', () => {
  it.each(TASK_STATUSES)('says of a task that is %s what it waits for, or how it ended', (status) => {
    const { headline, waitsFor, ended } = explainTask(someFacts({ task: { status } }));
    expect(headline).toMatch(/^“Split the invoices” .*\.$|\?$/);
    expect(waitsFor === null).toBe(isFinal(status));
    expect(ended === null).toBe(!isFinal(status));
  });

  it('shows a long title of several lines on one, cut', () => {
    const { headline } = stand({ task: { title: `two\n  lines ${'x'.repeat(400)}` } });
    expect(headline).toMatch(/^“two lines x{69}…” is at hopper/);
  });
});

describe('a task that is routing', () => {
  it('is about to be decided', () => {
    expect(stand({ moves: [aMove(-59)] })).toMatchObject({
      headline: '“Split the invoices” is at hopper, which is about to decide where it goes.',
      what: 'hopper to decide where it goes, which takes a moment',
      since: secondsLater(-59),
      until: null,
      how: [],
    });
  });

  it('and that for a minute asks whether a worker runs', () => {
    const { headline, who, how } = stand({ moves: [aMove(-180)] });
    expect(headline).toBe(
      '“Split the invoices” waits at hopper to be routed; no worker has taken it for 3 minutes: is one running?',
    );
    expect([who, how?.length]).toEqual([null, 1]);
  });

  it('counts from its submission where nothing has moved it yet', () => {
    expect(stand({ moves: [] }).what).toContain('no worker has taken it for 60 minutes');
  });

  it.each([
    ['paused', 'hopper is paused: it gets nothing new'],
    ['stopping', 'hopper is stopping: what it holds goes elsewhere'],
    ['stopped', 'hopper is stopped'],
    ['error', 'hopper is in error'],
    ['created', 'hopper was never started'],
    ['starting', 'hopper is starting'],
    ['terminated', 'hopper was deleted'],
  ] as const)('at an instance that is %s says so', (status, words) => {
    const { headline, what } = stand({ statuses: { [GLOBAL_ID]: status } });
    expect([headline, what]).toEqual([expect.stringContaining(words), expect.stringContaining(words)]);
  });

  it('and postponed says until when, for whom, and how to ask at once', () => {
    const exclusions = [{ instanceId: PROJECT_ID, why: 'postponed' as const, at: secondsLater(-20).toISOString() }];
    expect(stand({ task: { retryAt: secondsLater(40), exclusions } })).toMatchObject({
      headline: '“Split the invoices” waits at hopper until billing is asked again at 12:00 UTC.',
      what: 'billing, who wanted to be asked later and is asked again at 12:00 UTC',
      who: { id: PROJECT_ID, name: 'billing' },
      until: secondsLater(40),
      how: [`hopper task reroute ${ID}  # asks everybody again at once`],
    });
  });

  it('and postponed until a time that has come says that', () => {
    expect(stand({ task: { retryAt: secondsLater(-1) } })).toMatchObject({
      headline: expect.stringContaining('until somebody who could take it is asked again now (11:59 UTC has come)'),
      who: null,
    });
  });
});

describe('a task that is offered', () => {
  const offered = { task: { status: 'offered' as const }, chain: [OFFER] };

  it('waits for somebody who accepts or rejects it, until the offer runs out', () => {
    expect(stand(offered)).toMatchObject({
      headline:
        '“Split the invoices” is offered to billing and waits for somebody there to accept it (until 12:15 UTC).',
      what: 'somebody at billing to accept or reject it; at 12:15 UTC it goes elsewhere',
      who: { id: PROJECT_ID, name: 'billing' },
      since: secondsLater(-10),
      until: secondsLater(900),
      how: [
        `hopper accept ${OFFER.id}`,
        `hopper reject ${OFFER.id} --reason WHY`,
        `hopper task reroute ${ID}  # withdraws the offer and decides anew`,
      ],
    });
  });

  it('names the day where the offer runs out on another one, and nothing where it never does', () => {
    expect(stand({ ...offered, chain: [aLink({ expiresAt: secondsLater(86_400) })] }).headline).toContain(
      'until 2026-03-02 12:00 UTC',
    );
    const forever = stand({ ...offered, chain: [aLink({ expiresAt: null })] });
    expect(forever.headline).toMatch(/to accept it\.$/);
    expect([forever.what, forever.until]).toEqual(['somebody at billing to accept or reject it', null]);
  });

  it('whose offer has run out waits for a worker that notices', () => {
    const { headline, how } = stand({ ...offered, chain: [aLink({ expiresAt: NOW })] });
    expect(headline).toContain('ran out at 12:00 UTC, but no worker has noticed: is one running?');
    expect(how).toEqual([expect.stringContaining('hopper worker')]);
  });

  it('to a paused instance can be accepted, and to one that is stopping cannot', () => {
    expect(stand({ ...offered, statuses: { [PROJECT_ID]: 'paused' } }).how).toHaveLength(3);
    const { headline, how } = stand({ ...offered, statuses: { [PROJECT_ID]: 'stopping' } });
    expect(headline).toContain('which takes no work; billing is stopping');
    expect(how).toEqual([expect.stringContaining('hopper task reroute')]);
  });
});

describe('a task at work', () => {
  const at = { instanceId: PROJECT_ID };
  const queued = { task: { status: 'queued' as const, ...at }, chain: [ACCEPTED] };

  it.each([
    [0, 'it is the next'],
    [1, '1 task is before it'],
    [12, '12 tasks are before it'],
    [1_000, 'at least 1,000 tasks are before it'],
  ])('with %i before it in the queue says its place', (ahead, words) => {
    const { headline, what } = stand({ ...queued, ahead });
    expect(headline).toBe(`“Split the invoices” waits in the queue of billing: ${words}.`);
    expect(what).toBe(`somebody at billing to do it; ${words}`);
  });

  it('is finished by the delegation of its holder, or at its entry by its id', () => {
    expect(stand(queued).how).toEqual([
      `hopper complete ${ACCEPTED.id}  # when it is done`,
      `hopper task escalate ${ID} --reason WHY`,
      `hopper task reroute ${ID}  # decides anew`,
    ]);
    const here = stand({ task: { status: 'queued' } }).how;
    expect(here).toEqual([expect.stringContaining(`hopper task complete ${ID}`), expect.stringContaining('reroute')]);
  });

  it('that somebody has says where', () => {
    expect(stand({ task: { status: 'in_progress', ...at } })).toMatchObject({
      headline: '“Split the invoices” is being worked on at billing by whoever works on it.',
      how: [expect.stringContaining('task attempts'), expect.stringContaining('--force')],
    });
  });

  it.each([
    [null, null, 'by w1 (attempt 2).'],
    ['', 40, 'by w1 (attempt 2, 40 %).'],
    ['half way', 50, 'by w1 (attempt 2, 50 %, "half way").'],
  ])('that a worker has says who, and how far: %j, %j', (note, percent, words) => {
    const work = { workerId: 'w1', attempt: 2, note, percent, heartbeatAt: NOW };
    expect(stand({ task: { status: 'in_progress', ...at }, work }).headline).toContain(words);
  });

  describe('at a push instance', () => {
    const pushed = { pushQueue: 'agents', chain: [ACCEPTED] };
    const soon = secondsLater(60);
    const later = secondsLater(120);

    it.each([
      ['waits for a slot', {}, null, ''],
      ['rests', { availableAt: later, notBefore: soon }, later, ', not before 12:02 UTC'],
      ['waits for its time', { availableAt: null, notBefore: soon }, soon, ', not before 12:01 UTC'],
      ['has rested', { availableAt: secondsLater(-1) }, null, ''],
    ])('it %s, for workers that have no name but their task queue (rule U2)', (_what, times, until, words) => {
      const now = stand({ ...pushed, task: { status: 'queued', ...at, ...times } });
      const slot = 'a free slot at billing, for a worker on the Temporal task queue "agents"; it is the next';
      expect(now).toMatchObject({ what: slot + words, until });
      expect(now.headline).toBe(`“Split the invoices” waits for ${slot}${words}.`);
    });

    it('it is worked on by one of them (rule U2)', () => {
      const work = { workerId: 'temporal:agents', attempt: 2, note: null, percent: null, heartbeatAt: NOW };
      const { headline } = stand({ ...pushed, task: { status: 'in_progress', ...at }, work });
      expect(headline).toContain('by a worker on the Temporal task queue "agents" (attempt 2).');
    });
  });
});

describe('a task that is blocked', () => {
  const held = { status: 'blocked', blockedOn: 'held' } as const;
  const nobody = aDecision({ action: 'reject', targetInstanceId: null, hop: null, reason: 'no project exists' });
  const because = (reason: string) => [aMove(-10, { reason })];

  it('because nobody takes it says why, and what would release it', () => {
    const { headline, how } = stand({ task: held, decisions: [nobody], moves: because(nobody.reason) });
    expect(headline).toBe(
      '“Split the invoices” finds nobody who can take it and is held at hopper for a person: no project exists.',
    );
    expect(how?.map((each) => each.split('  # ')[0])).toEqual([
      'hopper instance start INSTANCE',
      `hopper task reroute ${ID}`,
      `hopper task reroute ${ID} --to INSTANCE`,
      `hopper task cancel ${ID} --reason WHY`,
    ]);
  });

  it('because a behaviour failed wants it mended', () => {
    const decisions = [{ ...nobody, strategy: 'behavior_failed', reason: 'the global behaviour fails: oh.' }];
    const { headline, what, how } = stand({ task: held, decisions, moves: because('the global behaviour fails: oh.') });
    expect(headline).toMatch(
      /could not be routed and is held at hopper for a person: the global behaviour fails: oh\.$/,
    );
    expect(what).toContain('a behaviour that works');
    expect(how?.[0]).toContain('mended');
  });

  it('because its instance stopped says that, whatever was decided before', () => {
    const decisions = [{ ...nobody, strategy: 'behavior_failed' }];
    const { headline } = stand({ task: held, decisions, moves: because('hopper is stopping') });
    expect(headline).toMatch(/finds nobody who can take it and is held at hopper for a person: hopper is stopping\.$/);
  });

  it('without a reason on record says none', () => {
    expect(stand({ task: held, moves: [] }).headline).toMatch(/is held at hopper for a person\.$/);
  });

  it('because its worker asks waits for the answer', () => {
    const asked = { askedBy: 'w1', leaseId: 'x', askedAt: '', answer: null, answeredBy: null };
    const questions = [{ ...asked, text: 'which account?' }];
    expect(stand({ task: { status: 'blocked', blockedOn: 'question', questions } }).headline).toContain(
      'waits for the answer: which account?',
    );
    const { headline, how } = stand({ task: { status: 'blocked', blockedOn: 'question' } });
    expect(headline).toContain('its worker has a question and waits for the answer.');
    expect(how).toEqual([expect.stringContaining('hopper task answer')]);
  });
});

describe('a task that is over', () => {
  const over = { finishedAt: NOW, finishedBy: 'ana' };

  it('was completed by somebody, with or without a result', () => {
    const { headline, ended } = stand({ task: { ...over, status: 'completed', result: { pages: 3 } } });
    expect(headline).toBe('“Split the invoices” was completed at hopper by ana (12:00 UTC); it has a result.');
    expect(ended).toEqual({ status: 'completed', by: 'ana', at: NOW, reason: null, hasResult: true });
    const silent = stand({ task: { ...over, status: 'completed' } });
    expect(silent.headline).toBe('“Split the invoices” was completed at hopper by ana (12:00 UTC).');
    expect(silent.ended?.hasResult).toBe(false);
  });

  it.each([
    ['failed', '“Split the invoices” failed at hopper by ana (12:00 UTC): the vendor is gone.'],
    ['rejected', '“Split the invoices” was rejected at hopper: nobody can take it: the vendor is gone.'],
    ['cancelled', '“Split the invoices” was cancelled by ana (12:00 UTC): the vendor is gone.'],
  ] as const)('and %s says why and by whom', (status, words) => {
    const failure = { code: status, reason: 'the vendor is gone.' };
    const { headline, ended } = stand({ task: { ...over, status, failure } });
    expect(headline).toBe(words);
    expect(ended).toEqual({ status, by: 'ana', at: NOW, reason: 'the vendor is gone.', hasResult: false });
  });

  it('and was cancelled without a reason by nobody in particular says just that', () => {
    const failure = { code: 'cancelled', reason: 'cancelled' };
    const { headline } = stand({ task: { status: 'cancelled', failure, finishedAt: NOW } });
    expect(headline).toBe('“Split the invoices” was cancelled (12:00 UTC).');
  });
});

describe('a task whose due time has passed', () => {
  const dueAt = secondsLater(-3 * 3_600);

  it.each(TASK_STATUSES.filter((status) => !isFinal(status)))('says so while it is %s (rule T6)', (status) => {
    const { headline } = stand({ task: { status, dueAt } });
    expect(headline).toMatch(/ It is overdue: it was due 3 hours ago \(09:00 UTC\)\.$/);
  });

  it('says nothing of it before, or once it has ended', () => {
    expect(stand({ task: { status: 'queued', dueAt: secondsLater(1) } }).headline).not.toMatch(/due/);
    expect(stand({ task: { finishedAt: NOW, status: 'completed', dueAt } }).headline).not.toMatch(/due/);
  });
});
