/** What an audit looks for; each is a promise of Hopper's, and what it finds is a promise broken. */
export const CHECKS = {
  lost: 'every task that was submitted is there, or was deleted on record',
  ends: 'a final task has ended once, an open one has not',
  events: 'the events of a task are numbered without a gap',
  replay: 'replaying the events of a task gives its rows',
  hops: 'the hops of a task are numbered without a gap, and one offer at most is open',
  path: 'the live path leads from the entry to the holder, holds no instance twice, and alone is completed',
  refusals: 'nobody who refused a task for good was offered it again',
  leases: 'who is at work has an open lease, and nobody else',
  slots: 'no slot was held twice at any time, and none above the limit',
  loads: 'the counted load of an instance is what its tasks and offers make of it',
  parts: 'no part outlives its task, and no task waits for parts that are over',
  workflows: 'an open task has an open workflow, and no other has',
} as const;
export type Check = keyof typeof CHECKS;

/** One promise that does not hold, with the task or the instance where it was seen. */
export interface Finding {
  readonly check: Check;
  readonly taskId: string | null;
  readonly instanceId: string | null;
  readonly detail: string;
}

/** What an audit came to. */
export interface AuditReport {
  readonly tasks: number;
  readonly findings: readonly Finding[];
}
