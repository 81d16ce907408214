import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { v7 } from 'uuid';
import type { FloorStore } from './store.ts';
import { type FloorTask, acceptUpdate, completeUpdate, splitUpdate } from './workflows.ts';

/** The task queue of the floor’s own worker. */
export const FLOOR_QUEUE = 'floor';
const CLIENT = { by: 'client' };
const LOOK_EVERY_MS = 50;

/** What is done to a task of the floor from outside. */
export interface Floor {
  submit(wish: Omit<FloorTask, 'id'>): Promise<string>;
  accept(taskId: string, hop: number): Promise<null>;
  complete(taskId: string): Promise<null>;
  split(taskId: string, parts: number): Promise<null>;
  /** The next task of the queue; null if there is none within the time. */
  claim(worker: string, waitMs: number): Promise<string | null>;
}

export const floorIdOf = (taskId: string): string => `floor/${taskId}`;

/** A row first, then the workflow; all else is one update, but for a claim, which is one statement. */
export function createFloor(store: FloorStore, client: Client): Floor {
  const handle = (taskId: string) => client.workflow.getHandle(floorIdOf(taskId));
  return {
    async submit(wish) {
      const id = v7();
      await store.record(id, 'submitted', CLIENT);
      await client.workflow.start('floorTask', {
        workflowId: floorIdOf(id),
        taskQueue: FLOOR_QUEUE,
        args: [{ id, ...wish } satisfies FloorTask],
      });
      return id;
    },
    accept: (taskId, hop) => handle(taskId).executeUpdate(acceptUpdate, { args: [hop, CLIENT] }),
    complete: (taskId) => handle(taskId).executeUpdate(completeUpdate, { args: [CLIENT] }),
    split: (taskId, parts) => handle(taskId).executeUpdate(splitUpdate, { args: [parts, CLIENT] }),
    async claim(worker, waitMs) {
      const until = Date.now() + waitMs;
      for (;;) {
        const taskId = await store.claim(worker);
        if (taskId !== null || Date.now() >= until) return taskId;
        await sleep(LOOK_EVERY_MS);
      }
    },
  };
}
