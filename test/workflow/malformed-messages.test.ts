import { describe, expect, it } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { type Bench, type TaskHandle, untilOffered, untilStatus, update, useBench } from './support/bench.ts';
import { FIRST_START_MS, devServer } from './support/dev-server.ts';

const TOO_LARGE = 'x'.repeat(65_535);
const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

/** On a real server: what a refused update leaves in the history is the server's to decide. */
describe('a malformed message', () => {
  const bench = useBench({ environment: () => devServer(), startWithinMs: FIRST_START_MS });

  it.each([
    ['acceptDelegation', ['by: is missing'], { delegationId: 'd' }],
    ['acceptDelegation', ['delegationId: is missing'], { by: 'ana' }],
    ['acceptDelegation', ['delegationId: is missing', 'by: is missing'], {}],
    ['acceptDelegation', ['must be an object'], 'now'],
    ['acceptDelegation', ['must be an object'], null],
    ['acceptDelegation', ['must be an object'], []],
    ['acceptDelegation', ['delegationId: must be text', 'by: must not be empty'], { delegationId: 7, by: ' ' }],
    ['acceptDelegation', ['by: must be text'], { delegationId: 'd', by: { role: 'worker' } }],
    ['acceptDelegation', ['by: role must be one of'], { delegationId: 'd', by: { name: 'a', role: 'king' } }],
    ['acceptDelegation', ['by: subtree must be text'], { delegationId: 'd', by: { name: 'a', subtree: 7 } }],
    ['acceptDelegation', ['by: age is not known'], { delegationId: 'd', by: { name: 'a', age: 7 } }],
    ['acceptDelegation', ['hurry: is not known'], { delegationId: 'd', by: 'ana', hurry: true }],
    ['rejectDelegation', ['reason: must not contain a NUL'], { delegationId: 'd', by: 'ana', reason: 'a\0b' }],
    ['rejectDelegation', ['retryable: must be true'], { delegationId: 'd', by: 'ana', reason: 'x', retryable: 'yes' }],
    ['completeTask', ['result: must be at most 65536 bytes'], { by: 'ana', result: TOO_LARGE }],
    ['completeTask', ['result: must not contain a NUL'], { by: 'ana', result: { 'a\0b': 1 } }],
    ['completeTask', ['result: must be at most 64 levels deep'], { by: 'ana', result: deep(66) }],
    ['failTask', ['reason: must have at most 10000 characters'], { by: 'ana', reason: 'x'.repeat(10_001) }],
    ['reassignTask', ['delegationType: must be'], { by: 'ana', targetInstanceId: 'x', delegationType: 'decompose' }],
    ['cancelTask', ['reason: must be text'], { by: 'ana', reason: 5 }],
  ])('for %s is refused (%j), and leaves nothing in the history', async (name, problems, message) => {
    const { handle, row } = await offered(bench());
    const before = await lengthOf(handle);
    const refusal = await update(handle, name, message).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(WorkflowUpdateFailedError);
    const words = (refusal as WorkflowUpdateFailedError).cause?.message;
    for (const problem of [`malformed ${name}`, ...problems]) expect(words).toContain(problem);
    expect(await lengthOf(handle)).toBe(before);
    expect(row.commands).toEqual([]);
  });

  it.each([
    ['acceptDelegation', { by: 'ana' }],
    ['completeTask', { by: 'ana', result: deep(66) }],
    ['rejectDelegation', 'no'],
  ])('by signal %s is dropped (case %#), and the next one is heard', async (name, message) => {
    const { handle, row, delegationId } = await offered(bench());
    await handle.signal(name, message);
    await handle.signal('acceptDelegation', { delegationId, by: 'ana' });
    await untilOffered(handle, 'agents');
    expect(row.commands.map((each) => each.command.kind)).toEqual(['accept']);
  });

  it('is not one that carries the most that is allowed', async () => {
    const { handle, delegationId } = await offered(bench());
    const long = 'x'.repeat(10_000);
    await update(handle, 'acceptDelegation', { delegationId, by: long, notes: long });
    const inner = await untilOffered(handle, 'agents');
    await update(handle, 'acceptDelegation', {
      delegationId: inner,
      by: { name: 'bo', role: 'worker', subtree: null },
    });
    await untilStatus(handle, 'queued');
    const result = 'x'.repeat(65_534);
    expect(await update(handle, 'completeTask', { delegationId: inner, by: 'bo', result })).toMatchObject({
      verdict: 'done',
      row: { status: 'completed' },
    });
  });
});

async function offered(bench: Bench) {
  const begun = await bench.begin();
  return { ...begun, delegationId: await untilOffered(begun.handle, 'billing') };
}

async function lengthOf(handle: TaskHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  return events?.length ?? 0;
}
