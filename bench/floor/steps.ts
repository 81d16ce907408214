import type { FloorStore } from './store.ts';

/** Who does something; the row keeps it. */
export interface Body {
  readonly by: string;
}

/** The local activities: each call of the store is one row and one commit. */
export interface FloorSteps {
  /** Puts what happened on record, one after the other. */
  record(taskId: string, kinds: readonly string[], body: Body): Promise<void>;
  recordParts(taskId: string, parts: number, body: Body): Promise<void>;
  enqueue(taskId: string): Promise<void>;
}

export function createFloorSteps(store: FloorStore): FloorSteps {
  return {
    async record(taskId, kinds, body) {
      for (const kind of kinds) await store.record(taskId, kind, body);
    },
    recordParts: (taskId, parts, body) => store.recordParts(taskId, parts, body),
    enqueue: (taskId) => store.enqueue(taskId),
  };
}
