import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { ChainAnswer } from '../../workflows/messages.ts';
import { ask } from './support/ask.ts';
import {
  type TaskHandle,
  attributesOf,
  resultOf,
  stateOf,
  untilOffered,
  untilStatus,
  update,
  useBench,
} from './support/bench.ts';
import { AUTO } from './support/tree.ts';

type Metadata = temporal.api.sdk.v1.IWorkflowMetadata;

const chainOf = (handle: TaskHandle): Promise<ChainAnswer> => ask<ChainAnswer>(handle, 'delegationChain');
const metadataOf = (handle: TaskHandle): Promise<Metadata> => ask<Metadata>(handle, '__temporal_workflow_metadata');
const hops = ({ chain }: ChainAnswer): unknown => chain.map((hop) => [hop.hop, hop.from.name, hop.to.name, hop.status]);

describe('what people see of a task', () => {
  const bench = useBench();

  it('is its chain, hop by hop, and what it waits for', async () => {
    const { handle, taskId } = await bench().begin();
    const first = await untilOffered(handle, 'billing');
    expect(await chainOf(handle)).toMatchObject({ taskId, originInstanceId: 'global', currentInstanceId: 'global' });
    expect(hops(await chainOf(handle))).toEqual([[0, 'global', 'billing', 'pending']]);
    const waitsFor = `billing to accept or reject delegation ${first}`;
    expect(await stateOf(handle)).toMatchObject({ status: 'offered', step: 1, holder: 'global', waitsFor });

    await update(handle, 'acceptDelegation', { delegationId: first, by: 'ana' });
    const second = await untilOffered(handle, 'agents');
    expect(await chainOf(handle)).toMatchObject({ currentInstanceId: 'billing' });
    expect(hops(await chainOf(handle))).toEqual([
      [0, 'global', 'billing', 'accepted'],
      [1, 'billing', 'agents', 'pending'],
    ]);

    await update(handle, 'acceptDelegation', { delegationId: second, by: 'bo' });
    const queued = await untilStatus(handle, 'queued');
    expect(queued).toMatchObject({ holder: 'agents', offer: null });
    expect(queued.waitsFor).toBe('somebody at agents to do it (an orchestration queues)');

    await update(handle, 'completeTask', { delegationId: second, by: 'bo' });
    await resultOf(handle);
    expect((await chainOf(handle)).chain.map((hop) => hop.status)).toEqual(['completed', 'completed']);
    expect(await stateOf(handle)).toMatchObject({ status: 'completed', waitsFor: 'nothing: it is done' });
  });

  it('is a table of the chain with reasons in the current details', async () => {
    const { handle } = await bench().begin();
    const refused = await untilOffered(handle, 'billing');
    await update(handle, 'rejectDelegation', { delegationId: refused, by: 'ana', reason: 'no | budget\nleft' });
    const open = await untilOffered(handle, 'shipping');
    expect((await metadataOf(handle)).currentDetails?.split('\n')).toEqual([
      `**offered** at global (global), waits for shipping to accept or reject delegation ${open}`,
      '',
      '| hop | from | to | type | status | by | why |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| 0 | global | billing | route | rejected | ana | no \\| budget left |',
      '| 1 | global | shipping | route | pending |  | shipping comes first |',
      '',
      '\u00a0',
      '',
      '\u00a0',
    ]);
  });

  it('is a description of every signal, update and query', async () => {
    const { handle } = await bench().begin();
    const { definition } = await metadataOf(handle);
    const { signalDefinitions = [], updateDefinitions = [], queryDefinitions = [] } = definition ?? {};
    const verdicts = ['acceptDelegation', 'completeTask', 'rejectDelegation'];
    expect(namesOf(signalDefinitions)).toEqual([...verdicts, 'reread']);
    const moves = [
      'cancelTask',
      'decomposeTask',
      'escalateTask',
      'failTask',
      'leaveInstance',
      'reassignTask',
      'rerouteTask',
    ];
    expect(namesOf(updateDefinitions)).toEqual([...verdicts, ...moves].toSorted());
    expect(namesOf(queryDefinitions)).toEqual(['delegationChain', 'taskState']);
    const all = [...(signalDefinitions ?? []), ...(updateDefinitions ?? []), ...(queryDefinitions ?? [])];
    expect(all.filter((each) => !isOurs(each.name) || (each.description ?? '') !== '')).toEqual(all);
  });

  it('is its place in search attributes, without its title', async () => {
    const { handle } = await bench().begin({ tree: AUTO, tags: ['billing', 'pdf'], title: 'a secret' });
    await untilStatus(handle, 'queued');
    expect(await attributesOf(handle)).toEqual({
      HopperPhase: 'at_work',
      HopperScope: 'orchestration',
      HopperInstance: 'agents',
      HopperProject: 'billing',
      HopperTags: ['billing', 'pdf'],
      HopperHops: 2,
      HopperStep: 3,
    });
  });

  it('is a line for each step and for each timer in the history', async () => {
    const { handle } = await bench().begin();
    await update(handle, 'acceptDelegation', { delegationId: await untilOffered(handle, 'billing'), by: 'ana' });
    await untilOffered(handle, 'agents');
    const { events } = await handle.fetchHistory();
    const lines = (events ?? []).flatMap(({ userMetadata }) =>
      userMetadata?.summary === null || userMetadata?.summary === undefined
        ? []
        : [defaultPayloadConverter.fromPayload<string>(userMetadata.summary)],
    );
    const [title, ...steps] = lines;
    expect(title).toBe('Split the invoices');
    expect(steps).toEqual(['decide', 'the offer expires', 'accept by ana', 'the offer expires']);
  });
});

type Definition = temporal.api.sdk.v1.IWorkflowInteractionDefinition;

function isOurs(name: string | null | undefined): boolean {
  return name?.startsWith('__') === false;
}

function namesOf(definitions: readonly Definition[] | null): unknown[] {
  return (definitions ?? [])
    .map((each) => each.name)
    .filter(isOurs)
    .toSorted();
}
