import { describe, expect, it } from '@jest/globals';
import type { SnapshotLink, TaskSnapshot } from '../../../src/domain/task-snapshot.ts';
import { TASK_STATUSES } from '../../../src/domain/task.ts';
import { detailsOf, waitsFor } from '../../../workflows/current-details.ts';

const GLOBAL = { id: 'g', name: 'global', scope: 'global' } as const;
const AGENTS = { id: 'a', name: 'agents', scope: 'orchestration' } as const;

const aLink = (fields: Partial<SnapshotLink> = {}): SnapshotLink => ({
  delegationId: 'd',
  hop: 0,
  delegationType: 'route',
  status: 'accepted',
  from: GLOBAL,
  to: AGENTS,
  why: 'tags match',
  decidedBy: 'ana',
  ...fields,
});

const aRow = (fields: Partial<TaskSnapshot> = {}): TaskSnapshot => ({
  taskId: 't',
  title: 'Split the invoices',
  tags: [],
  status: 'queued',
  blockedOn: null,
  step: 1,
  entryInstanceId: 'g',
  holder: AGENTS,
  project: null,
  offer: null,
  links: [],
  why: 'an orchestration queues',
  failure: null,
  ...fields,
});

/** What people see ends with empty lines, which the Temporal UI may cut off. */
const linesOf = (row: TaskSnapshot): string[] => detailsOf(row).trimEnd().split('\n');

/** The cells of the only table row: a bar that a backslash escapes divides nothing. */
const cellsOf = (link: SnapshotLink): string[] => {
  const cells = linesOf(aRow({ links: [link] }))
    .at(-1)!
    .match(/(?:\\.|[^\\|])+/g);
  return (cells ?? []).map((cell) => cell.trim());
};

describe('detailsOf', () => {
  it('is one line for a task that was never handed over', () => {
    expect(linesOf(aRow())).toEqual([
      '**queued** at agents (orchestration), waits for somebody at agents to do it (an orchestration queues)',
    ]);
  });

  it('has one row of a table for each hop', () => {
    const links = [aLink(), aLink({ hop: 1, status: 'pending', decidedBy: null, from: AGENTS, to: GLOBAL, why: '' })];
    expect(linesOf(aRow({ links })).slice(1)).toEqual([
      '',
      '| hop | from | to | type | status | by | why |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| 0 | global | agents | route | accepted | ana | tags match |',
      '| 1 | agents | global | route | pending |  |  |',
    ]);
  });

  it.each([
    ['a | b', String.raw`a \| b`],
    [String.raw`a \| b`, String.raw`a \\\| b`],
    ['ends in \\', 'ends in \\\\'],
    ['two\nlines\r\n\tand more', 'two lines and more'],
    ['<script>alert(1)</script>', String.raw`\<script>alert(1)\</script>`],
    ['x'.repeat(301), 'x'.repeat(300)],
    [`${'x'.repeat(299)}|`, `${'x'.repeat(299)}\\|`],
  ])('keeps %j in its cell', (text, shown) => {
    expect(cellsOf(aLink({ why: text }))[6]).toBe(shown);
    expect(cellsOf(aLink({ decidedBy: text }))[5]).toBe(shown);
    expect(cellsOf(aLink({ to: { ...AGENTS, name: text } }))[2]).toBe(shown);
  });

  it('keeps reasons out of its first line’s markup', () => {
    const failure = { code: 'failed', reason: 'no\n\n# heading <b>' };
    expect(linesOf(aRow({ status: 'failed', failure }))).toEqual([
      String.raw`**failed** at agents (orchestration), waits for nothing: no # heading \<b>`,
    ]);
  });
});

describe('waitsFor', () => {
  it.each(TASK_STATUSES)('says in words what a task that is %s waits for', (status) => {
    expect(waitsFor(aRow({ status }))).not.toBe('');
  });

  it('names whose answer an offer waits for, and by which delegation', () => {
    const offer = { delegationId: 'd-1', to: 'agents', expiresInMs: 900 };
    expect(waitsFor(aRow({ status: 'offered', offer }))).toBe('agents to accept or reject delegation d-1');
  });

  it.each([
    ['held', 'a person to reroute it (every project has refused)'],
    ['question', 'an answer'],
  ])('tells a task that is blocked on %s from others', (blockedOn, words) => {
    expect(waitsFor(aRow({ status: 'blocked', blockedOn, why: 'every project has refused' }))).toBe(words);
  });

  it.each(['failed', 'rejected', 'cancelled'] as const)('says why a task was %s', (status) => {
    expect(waitsFor(aRow({ status, failure: { code: 'x', reason: 'the paper is lost' } }))).toBe(
      'nothing: the paper is lost',
    );
    expect(waitsFor(aRow({ status }))).toBe(`nothing: ${status}`);
  });
});

describe('waitsFor, at a push instance (rule U2)', () => {
  it('names the slot, then the worker', () => {
    const queued = aRow({ push: { taskQueue: 'q', leaseId: null, waitMs: 0 } });
    expect(waitsFor(queued)).toBe('a slot at agents, for a worker on the task queue q');
    const begun = aRow({ status: 'in_progress', push: { taskQueue: 'q', leaseId: 'l', attempt: 1 } });
    expect(waitsFor(begun)).toBe('a worker on the task queue q');
  });
});
