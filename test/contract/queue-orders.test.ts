import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createBehaviorFactory } from '../../src/domain/scopes/behavior-factory.ts';
import { orchestrationScope } from '../../src/domain/scopes/orchestration-scope.ts';
import type { QueueOrdering, RoutingView } from '../../src/domain/scopes/scope-behavior.ts';
import { createClaimTask } from '../../src/use-cases/claim-task.ts';
import { createExplainTask } from '../../src/use-cases/explain-task.ts';
import { createQueueOrderAt } from '../../src/use-cases/queue-order-at.ts';
import { aPolicy } from '../support/builders.ts';
import { aBench, plantTree, route, submit } from './setup.ts';

/** What the behaviour of this file answers, by the instance that is asked about. */
const answers = new Map<string, () => unknown>();
const behaviors = createBehaviorFactory();
behaviors.registerBehavior('orchestration', {
  ...orchestrationScope,
  getTaskQueue: ({ id }: RoutingView['instance']) =>
    (answers.get(id)?.() ?? { by: ['priority', 'age'] }) as QueueOrdering,
});
const bench = aBench(aPolicy(), behaviors);

/** No two of them are equal in any order, and every order is another one. */
const WAITING = [
  { title: 'old', priority: 'low', hours: 10 },
  { title: 'new', priority: 'urgent', hours: 0 },
  { title: 'urgent', priority: 'urgent', hours: 1 },
  { title: 'high', priority: 'high', hours: 0.5 },
] as const;

async function setup(answer: () => unknown) {
  const { orchestration } = await plantTree(bench());
  answers.set(orchestration.id, answer);
  const began = new Date();
  for (const { title, priority, hours } of WAITING) {
    const id = await submit(bench(), orchestration, { title, priority });
    await route(bench(), id);
    const since = new Date(began.getTime() - hours * 3_600_000);
    await bench().database.query('UPDATE tasks SET queued_at = $2 WHERE id = $1', { bind: [id, since] });
  }
  const claim = () =>
    createClaimTask(bench())({
      instanceId: orchestration.id,
      workerId: 'w1',
      requestId: randomUUID(),
      skills: null,
      actor: { name: 'w1', role: 'worker', subtree: null },
    });
  return { orchestration, claim };
}

const failing = (): never => {
  throw new Error('no idea');
};

describe('the order of a queue', () => {
  it.each([
    [
      ['priority', 'age'],
      ['old', 'urgent', 'new', 'high'],
    ],
    [['age'], ['old', 'urgent', 'high', 'new']],
    [
      ['age', 'priority'],
      ['old', 'urgent', 'high', 'new'],
    ],
    [['priority'], ['urgent', 'new', 'high', 'old']],
  ])('is the one that the behaviour asks for: by %j, for claim, list and explanation (rule O3)', async (by, titles) => {
    const { orchestration, claim } = await setup(() => ({ by }));
    const { order } = await createQueueOrderAt(bench())(null, orchestration);
    const listed = await bench().reads.queueOf(orchestration.id, order);
    expect(listed.map((each) => each.title)).toEqual(titles);
    for (const [place, { id }] of listed.entries()) {
      const words = place === 0 ? 'it is the next' : `${String(place)} task${place === 1 ? ' is' : 's are'} before it`;
      expect((await createExplainTask(bench())(id)).headline).toContain(words);
    }
    const claimed: (string | undefined)[] = [];
    while (claimed.length < titles.length) claimed.push((await claim())?.task.title);
    expect(claimed).toEqual(titles);
  });

  it.each([
    ['throws', failing, 'the orchestration behaviour fails: no idea'],
    ['answers nonsense', () => ({ by: ['beauty'] }), 'the orchestration behaviour answers nonsense'],
    ['promises', () => Promise.reject(new Error('later')), 'the orchestration behaviour answers nonsense'],
  ])(
    'is the standard one where the behaviour %s, and the claim says why (rules O3 and F2)',
    async (_, answer, words) => {
      const { claim } = await setup(answer);
      const claimed = await claim();
      expect(claimed?.task.title).toBe('old');
      expect((await bench().reads.eventsOfTask(claimed?.task.id ?? '')).at(-1)).toMatchObject({
        type: 'task_claimed',
        data: { order_problem: expect.stringContaining(words) },
      });
    },
  );

  it('says nothing of a problem where there is none', async () => {
    const { claim } = await setup(() => ({ by: ['age'] }));
    const claimed = await claim();
    const event = (await bench().reads.eventsOfTask(claimed?.task.id ?? '')).at(-1);
    expect(event?.data).not.toHaveProperty('order_problem');
  });
});
