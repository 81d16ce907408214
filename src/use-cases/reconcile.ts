import { DomainError, IS_FINAL } from '../domain/errors.ts';
import {
  NOTHING_RECONCILED,
  RECONCILE_AFTER_SECONDS,
  type ReconcileCursor,
  type ReconcilePage,
  type Reconciled,
  addReconciled,
  nextOf,
} from '../domain/reconcile.ts';
import { type Diagnosed, type Suspect, type TaskWorkflows, diagnose } from '../domain/suspect.ts';
import { isFinal } from '../domain/task.ts';
import {
  driftedLoads,
  leftParts,
  notOnRecord,
  strayLeases,
  tasksToReconcile,
} from '../persistence/queries/reconcile.query.ts';
import { isUuid } from '../domain/uuid.ts';
import { createSuspectStore } from './find-suspects.ts';
import { type MendSuspects, createMendSuspects } from './mend-suspects.ts';
import type { Ports } from './ports.ts';
import { type Repairs, createRepairs } from './repairs.ts';
import { someAtOnce } from './some-at-once.ts';

/** Looks at one page, repairs what is wrong on it, and says where to go on; ends early when the signal is given. */
export type Reconcile = (page: ReconcilePage, signal: AbortSignal) => Promise<ReconcilePage>;

/** What a run needs besides the records. */
export interface ReconcileNeeds {
  readonly workflows: TaskWorkflows;
  /** Hears of each run when it is done. */
  readonly onDone: (done: Reconciled) => void;
  /** Hears of a repair that could not be made. */
  readonly onFailure: (error: unknown, id: string) => void;
  /** How many rows are looked at in one page. */
  readonly pageSize?: number;
}

const PAGE = 1_000;

/** Repairs what an audit would report: workflows that are missing, have ended or have no task, stray leases, drifted loads (rules N1, N3). */
export function createReconcile(ports: Ports, needs: ReconcileNeeds): Reconcile {
  const limit = needs.pageSize ?? PAGE;
  return async ({ done, next }, signal) => {
    if (next === null) return { done, next };
    const page = new Page(ports, needs, signal);
    const seen = await page.look(next, limit);
    const total = addReconciled(done, page.done);
    const following = nextOf(next, seen.length < limit ? null : (seen.at(-1)?.id ?? null));
    if (following === null) needs.onDone(total);
    return { done: total, next: following };
  };
}

/** One page; a repair that fails is left for the next run, a server that does not answer ends this page. */
class Page {
  readonly #ports: Ports;
  readonly #needs: ReconcileNeeds;
  readonly #mend: MendSuspects;
  readonly #repairs: Repairs;
  readonly #signal: AbortSignal;
  done: Reconciled = NOTHING_RECONCILED;

  constructor(ports: Ports, needs: ReconcileNeeds, signal: AbortSignal) {
    this.#ports = ports;
    this.#needs = needs;
    this.#mend = createMendSuspects(createSuspectStore(ports.database), needs.workflows);
    this.#repairs = createRepairs(ports);
    this.#signal = signal;
  }

  /** What was looked at, in order. */
  async look({ part, after }: ReconcileCursor, limit: number): Promise<readonly { readonly id: string }[]> {
    const range = { after, limit, minSeconds: RECONCILE_AFTER_SECONDS };
    const { database } = this.#ports;
    switch (part) {
      case 'tasks':
        return this.#lookAtTasks(await tasksToReconcile(database, range));
      case 'parts':
        return this.#each(await leftParts(database, range), async ({ id }) =>
          (await this.#repairs.endLeftParts(id)) ? { partsLeft: 1 } : {},
        );
      case 'leases':
        return this.#each(await strayLeases(database, range), async (lease) =>
          (await this.#repairs.endStrayLease(lease)) ? { leasesEnded: 1 } : {},
        );
      case 'loads':
        return this.#each(await driftedLoads(database, range), async ({ id }) =>
          (await this.#repairs.recountLoad(id)) ? { loadsRecounted: 1 } : {},
        );
      case 'workflows':
        await this.#lookAtWorkflows(limit);
        return [];
    }
  }

  /** Most are well, and the list of open workflows shows it; only the others are described, each by its exact id. */
  async #lookAtTasks(page: readonly Suspect[]): Promise<readonly Suspect[]> {
    const listed = await this.#needs.workflows.listed(page.map((suspect) => suspect.id));
    const doubtful = page.filter((suspect) => {
      const state = listed.get(suspect.id);
      return state === undefined || diagnose(suspect, state, isFinal(suspect.status)) !== 'well';
    });
    this.done = addReconciled(this.done, { tasks: page.length });
    await this.#each(doubtful, async (suspect) => {
      const [diagnosed] = await this.#mend([suspect]);
      return diagnosed === undefined ? {} : this.#follow(diagnosed);
    });
    return page;
  }

  /** A workflow puts its task on record before it listens; one that finds none when it is told to look ends (rule N3). */
  async #lookAtWorkflows(limit: number): Promise<void> {
    const rereadLost = async (ids: readonly string[]): Promise<void> => {
      await this.#each(await notOnRecord(this.#ports.database, ids), async ({ id }) => {
        await this.#needs.workflows.reread(id);
        return { workflowsLeft: 1 };
      });
    };
    let ids: string[] = [];
    for await (const id of this.#needs.workflows.open()) {
      if (isUuid(id)) ids.push(id);
      if (ids.length < limit) continue;
      await rereadLost(ids);
      ids = [];
    }
    await rereadLost(ids);
  }

  async #follow({ suspect, diagnosis, closedAs }: Diagnosed): Promise<Partial<Reconciled>> {
    if (diagnosis === 'start') return { started: 1 };
    if (diagnosis === 'reread') return { reread: 1 };
    if (diagnosis !== 'leave' || closedAs === null) return {};
    return (await this.#repairs.endOrphan(suspect.id, closedAs)) ? { ended: 1 } : {};
  }

  async #each<Item extends { readonly id: string }>(
    items: readonly Item[],
    repair: (item: Item) => Promise<Partial<Reconciled>>,
  ): Promise<readonly Item[]> {
    await someAtOnce(items, async (item) => {
      this.#signal.throwIfAborted();
      const done = await repair(item).catch((error: unknown): Partial<Reconciled> => {
        if (!(error instanceof DomainError) || !IS_FINAL[error.code]) throw error;
        this.#needs.onFailure(error, item.id);
        return { failures: 1 };
      });
      this.done = addReconciled(this.done, done);
    });
    return items;
  }
}
