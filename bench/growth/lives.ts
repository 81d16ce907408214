import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { ADMIN } from '../../src/domain/actor.ts';
import type { StepResult } from '../../src/domain/step-result.ts';
import type { TaskSnapshot } from '../../src/domain/task-snapshot.ts';
import { TaskStart } from '../../src/domain/task.schema.ts';
import { createClaimTask } from '../../src/use-cases/claim-task.ts';
import type { Ports } from '../../src/use-cases/ports.ts';
import { createTaskUseCases } from '../../src/use-cases/use-cases.ts';
import { wishFor } from '../claims/claimers.ts';
import { WORK } from './tree.ts';

/** How many milliseconds each step of one life took. */
export interface LifeTimes {
  /** The decision of the Global. */
  readonly decision: number;
  readonly claim: number;
  readonly completion: number;
}

/** Takes a task through its whole life by the steps of a worker, without an engine. */
export type Live = (globalId: string) => Promise<LifeTimes>;

/** Lives on a database: submitted, decided at three levels, claimed, completed by its lease. */
export function createLive(ports: Ports): Live {
  const { admitTask, routeTask, applyCommand } = createTaskUseCases(ports);
  const claimTask = createClaimTask(ports);
  return async (globalId) => {
    const taskId = v7();
    await admitTask(TaskStart.parse({ ...WORK, id: taskId, instanceId: globalId }), ADMIN);
    const decided = await timed(() => routeTask({ taskId, expectedStep: 0 }));
    let row = rowOf(decided.answer);
    while (row.status === 'routing') row = rowOf(await routeTask({ taskId, expectedStep: row.step }));
    if (row.status !== 'queued' || row.links.length !== 2) throw new Error(`a life went astray: ${row.why}`);
    const wish = wishFor(row.holder.id);
    const claimed = await timed(() => claimTask(wish));
    if (claimed.answer?.task.id !== taskId) throw new Error('another task was claimed than the one that is queued');
    const command = { kind: 'complete', leaseId: claimed.answer.lease.id, result: { done: true } } as const;
    const by = { actor: wish.actor, via: 'update', commandId: randomUUID() } as const;
    const completed = await timed(() => applyCommand({ taskId, expectedStep: row.step, command, ...by }));
    if (rowOf(completed.answer).status !== 'completed') throw new Error('a task was not completed');
    return { decision: decided.ms, claim: claimed.ms, completion: completed.ms };
  };
}

function rowOf(result: StepResult): TaskSnapshot {
  if (result.verdict === 'gone' || result.row === null) throw new Error('a task is gone');
  return result.row;
}

async function timed<Answer>(work: () => Promise<Answer>): Promise<{ ms: number; answer: Answer }> {
  const began = performance.now();
  const answer = await work();
  return { ms: performance.now() - began, answer };
}
