/** Who is measured: Hopper, and the two floors that it is held against. */
export const CONTENDERS = ['hopper', 'floor', 'bareFloor'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

/** How a task of a case goes: down by itself, accepted by hand, claimed by a worker, or split. */
export type Shape = 'auto' | 'manual' | 'claimed' | 'split';

/** Another state of a task that a driver waits for: its offer of a hop, its rest, its end. */
export type Awaited = 'offer 0' | 'offer 1' | 'queued' | 'ended';

/** A task that has ended. */
export interface LifeDone {
  readonly taskId: string;
  readonly isSplit: boolean;
  /** Those of its parts that were completed from outside. */
  readonly parts: readonly string[];
}

/** A task that a worker has, and what it needs to finish it. */
export interface Claimed {
  readonly taskId: string;
  readonly lease: { readonly id: string; readonly token: string } | null;
}

/** What is done to a task from outside: the same calls for every contender, so that one driver drives them all. */
export interface Door {
  submit(shape: Shape): Promise<string>;
  /** `offer` is what `Watch` found for the offer of this hop. */
  accept(taskId: string, hop: number, offer: string): Promise<unknown>;
  complete(taskId: string): Promise<unknown>;
  split(taskId: string, parts: number): Promise<unknown>;
  /** The parts of a task that have to be completed from outside. */
  partsOf(taskId: string): Promise<readonly string[]>;
}

/** What a worker does, over HTTP. */
export interface WorkDoor {
  claim(worker: string, waitSeconds: number): Promise<Claimed | null>;
  finish(claimed: Claimed): Promise<unknown>;
}

/** The processes of a contender; PostgreSQL and Temporal are the same for all. */
export interface Pids {
  readonly worker: number;
  readonly api: number;
}

export interface Contender {
  readonly name: ContenderName;
  readonly inProcess: Door;
  readonly http: Door & WorkDoor;
  readonly pids: Pids;
  /** Finds which of these tasks are where they are awaited; its columns are `id` and `bench_look`. */
  readonly lookSql: string;
  /** The workflows that carried a task, its own first. */
  workflowsOf(done: LifeDone): readonly string[];
  /** Commits that brought these tasks from submission to rest, by their rows: the last decision, to do it there, is not one. */
  hopCommits(taskIds: readonly string[]): Promise<number>;
}
