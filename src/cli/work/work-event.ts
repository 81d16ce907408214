/** One attempt at a task, in a slot of this worker. */
export interface Job {
  readonly slot: number;
  readonly task_id: string;
  readonly title: string;
  readonly instance_id: string;
  readonly lease_id: string;
  readonly attempt: number;
}

/** How many attempts ended how. */
export interface Tally {
  readonly completed: number;
  readonly failed: number;
  readonly released: number;
  readonly decomposed: number;
  readonly lost: number;
}

/** What happens in a worker, in the words of `hopper work --json`; tokens are never part of it. */
export type WorkEvent =
  | {
      readonly event: 'started';
      readonly worker_id: string;
      readonly instances: readonly string[];
      readonly concurrency: number;
    }
  | ({ readonly event: 'claimed' } & Job)
  | ({ readonly event: 'heartbeat' } & Job)
  | ({ readonly event: 'completed' | 'decomposed'; readonly seconds: number } & Job)
  | ({ readonly event: 'failed'; readonly seconds: number; readonly reason: string; readonly status: string } & Job)
  | ({ readonly event: 'released' | 'lost'; readonly seconds: number; readonly reason: string } & Job)
  | { readonly event: 'away' | 'waiting'; readonly reason: string }
  | { readonly event: 'back' }
  | { readonly event: 'draining' | 'terminating'; readonly running: number }
  | ({ readonly event: 'stopped' } & Tally);

/** An event of an attempt that has ended. */
export type JobEnd = Extract<WorkEvent, { readonly event: keyof Tally }>;

/** Where the events of a worker go. */
export interface Reporter {
  report(event: WorkEvent): void;
  close(): void;
}
