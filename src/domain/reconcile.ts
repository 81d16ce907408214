/** What is looked through, in this order. */
export const RECONCILE_PARTS = ['tasks', 'parts', 'leases', 'loads', 'workflows'] as const;
export type ReconcilePart = (typeof RECONCILE_PARTS)[number];

/** Where a look goes on: behind this id of this part. */
export interface ReconcileCursor {
  readonly part: ReconcilePart;
  readonly after: string;
}

/** What was looked at, and what was repaired. */
export interface Reconciled {
  readonly tasks: number;
  readonly started: number;
  readonly reread: number;
  readonly ended: number;
  /** Tasks that are over, of which parts that never began were left. */
  readonly partsLeft: number;
  readonly leasesEnded: number;
  readonly loadsRecounted: number;
  /** Workflows whose task is not on record; told to look, they end. */
  readonly workflowsLeft: number;
  /** Repairs that could not be made; the next run tries them again. */
  readonly failures: number;
}

/** How far a run has come: what it did so far, and where its next page begins; null: it is done. */
export interface ReconcilePage {
  readonly done: Reconciled;
  readonly next: ReconcileCursor | null;
}

export const NOTHING_RECONCILED: Reconciled = {
  tasks: 0,
  started: 0,
  reread: 0,
  ended: 0,
  partsLeft: 0,
  leasesEnded: 0,
  loadsRecounted: 0,
  workflowsLeft: 0,
  failures: 0,
};

/** The workflow type of a run. */
export const RECONCILE_WORKFLOW = 'reconcileWorkflow';

/** The schedule of a deployment's runs, and what the ids of its runs begin with. */
export function reconcileIdOf(taskQueue: string): string {
  return `reconcile/${taskQueue}`;
}

/** Younger than this, a difference may be a write on its way (design §4). */
export const RECONCILE_AFTER_SECONDS = 300;

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export const RECONCILE_FROM: ReconcilePage = { done: NOTHING_RECONCILED, next: { part: 'tasks', after: FIRST_ID } };

/** Where to go on behind a page: in its part if it was full, else in the next part. */
export function nextOf({ part }: ReconcileCursor, lastId: string | null): ReconcileCursor | null {
  if (lastId !== null) return { part, after: lastId };
  const following = RECONCILE_PARTS[RECONCILE_PARTS.indexOf(part) + 1];
  return following === undefined ? null : { part: following, after: FIRST_ID };
}

/** The sum of two pages, of which the first may be of an earlier version that counted less. */
export function addReconciled(one: Partial<Reconciled>, other: Partial<Reconciled>): Reconciled {
  const keys = Object.keys(NOTHING_RECONCILED) as (keyof Reconciled)[];
  return Object.fromEntries(keys.map((key) => [key, (one[key] ?? 0) + (other[key] ?? 0)])) as unknown as Reconciled;
}
