import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { Actor } from '../../domain/actor.ts';
import type { Lease, LeaseEnd } from '../../domain/lease.ts';
import type { QueueOrder } from '../../domain/scopes/queue-order.ts';
import { normalizeLabel } from '../../domain/scopes/ranking.ts';
import type { Models } from '../models/models.ts';
import { type Prepared, rowsOf } from '../prepared.ts';
import {
  BY_ID,
  BY_REQUEST,
  CLAIM,
  CLAIM_ONE,
  END_LEASE,
  EXTEND,
  EXTEND_ALL,
  KEEP_OUTPUT,
  KEEP_SERVER_KEY,
  LAPSED,
  MOST_PRESSING,
  OF_TASK,
  PUSHABLE,
  SERVER_KEY,
  SWEEP,
} from './lease-statements.ts';

/** A claim at one instance: who asks, and under which rules of work. */
export interface ClaimToMake {
  readonly instanceId: string;
  readonly leaseId: string;
  readonly workerId: string;
  readonly requestId: string;
  readonly skills: readonly string[] | null;
  /** This task or none, for a worker that Temporal watches; left out: the best one. */
  readonly taskId?: string;
  readonly limit: number;
  readonly timeoutSeconds: number;
  readonly actor: Actor;
  /** In which order tasks wait there, and why it is not the one of the behaviour. */
  readonly order: QueueOrder;
  readonly orderProblem: string | null;
}

/** What a claim found; `retry` if somebody else took the slot or the request in the same moment. */
export type ClaimFound =
  { readonly kind: 'leased'; readonly lease: Lease } | { readonly kind: 'nothing_queued' | 'no_free_slot' | 'retry' };

/** How a worker is getting on. */
export interface Progress {
  readonly note?: string | undefined;
  readonly percent?: number | undefined;
}

/** Leases: who works on what, and since when. */
export class LeaseRepository {
  readonly #sequelize: Sequelize;

  constructor({ sequelize }: Models) {
    this.#sequelize = sequelize;
  }

  async claim(transaction: Transaction, claim: ClaimToMake): Promise<ClaimFound> {
    const { instanceId, limit, skills, leaseId, workerId, requestId, timeoutSeconds, actor } = claim;
    const { order, orderProblem, taskId } = claim;
    const labels = skills === null ? null : skills.map(normalizeLabel);
    const by = JSON.stringify({ name: actor.name, role: actor.role });
    const bind = [instanceId, limit, labels, leaseId, workerId, requestId, timeoutSeconds, by, orderProblem];
    const statement = taskId === undefined ? CLAIM[order] : CLAIM_ONE;
    const values = taskId === undefined ? bind : [...bind, taskId];
    type Found = { readonly picked: number; readonly free: number; readonly lease: StoredLease | null };
    const [found] = await rowsOf<Found>(this.#sequelize, transaction, statement, values);
    if (found === undefined) throw new TypeError('a claim without a row');
    if (found.lease !== null) return { kind: 'leased', lease: toLease(found.lease) };
    if (found.picked === 0) return { kind: 'nothing_queued' };
    return { kind: found.free === 0 ? 'no_free_slot' : 'retry' };
  }

  /** Those of the instances that have something for the worker, the most pressing first. */
  async mostPressing(instanceIds: readonly string[], skills: readonly string[] | null): Promise<readonly string[]> {
    const bind = [instanceIds, skills === null ? null : skills.map(normalizeLabel)];
    const rows = await this.#sequelize.query<{ id: string }>(MOST_PRESSING, { bind, type: QueryTypes.SELECT });
    return rows.map((row) => row.id);
  }

  /** Tasks of push instances for which a slot is free, in the order of their queues; `slots` are the policy's. */
  async pushable(
    slots: { readonly project: number; readonly orchestration: number },
    limit: number,
  ): Promise<readonly string[]> {
    const bind = [slots.project, slots.orchestration, limit];
    const rows = await this.#sequelize.query<{ id: string }>(PUSHABLE, { bind, type: QueryTypes.SELECT });
    return rows.map((row) => row.id);
  }

  byRequest(transaction: Transaction | null, workerId: string, requestId: string): Promise<Lease | null> {
    return this.#one(transaction, BY_REQUEST, [workerId, requestId]);
  }

  get(transaction: Transaction | null, id: string): Promise<Lease | null> {
    return this.#one(transaction, BY_ID, [id]);
  }

  /** Every attempt at a task, the first first. */
  async ofTask(taskId: string): Promise<readonly Lease[]> {
    const rows = await this.#sequelize.query<StoredLease>(OF_TASK, { bind: [taskId], type: QueryTypes.SELECT });
    return rows.map(toLease);
  }

  /** Gives an open lease its whole time again; null if it has ended, or is somebody else's. */
  extend(id: string, attempt: number, { note, percent }: Progress = {}): Promise<Lease | null> {
    return this.#one(null, EXTEND, [id, attempt, note ?? null, percent ?? null]);
  }

  /** What a worker said last, kept with the attempt for whoever looks for the cause. */
  async keepOutput(id: string, output: string): Promise<void> {
    await this.#sequelize.query(KEEP_OUTPUT, { bind: [id, output] });
  }

  /** Ends an open lease that its task has left behind; the caller holds the row lock of the task. */
  async end(transaction: Transaction, { id, outcome, reason }: LeaseEnd, now: Date): Promise<void> {
    await rowsOf(this.#sequelize, transaction, END_LEASE, [id, now, outcome, reason]);
  }

  async lapsed(limit: number): Promise<readonly { readonly id: string; readonly taskId: string }[]> {
    return this.#sequelize.query(LAPSED, { bind: [limit], type: QueryTypes.SELECT });
  }

  /** Remembers that leases are looked through now; after a longer gap all open ones get their whole time again. */
  async wasAway(gapSeconds: number): Promise<boolean> {
    return this.#sequelize.transaction(async (transaction) => {
      const [swept] = await this.#sequelize.query<{ gap: number }>(SWEEP, { transaction, type: QueryTypes.SELECT });
      if (swept === undefined || swept.gap <= gapSeconds) return false;
      await this.#sequelize.query(EXTEND_ALL, { transaction });
      return true;
    });
  }

  /** The key that every process of a deployment signs tokens with; whoever comes first decides it. */
  async serverKey(offered: string): Promise<string> {
    await this.#sequelize.query(KEEP_SERVER_KEY, { bind: [offered] });
    const [row] = await this.#sequelize.query<{ key: string }>(SERVER_KEY, { type: QueryTypes.SELECT });
    return row?.key ?? offered;
  }

  async #one(transaction: Transaction | null, statement: Prepared, values: unknown[]): Promise<Lease | null> {
    const [row] = await rowsOf<StoredLease>(this.#sequelize, transaction, statement, values);
    return row === undefined ? null : toLease(row);
  }
}

type Times = 'startedAt' | 'heartbeatAt' | 'expiresAt' | 'endedAt';
type StoredLease = Omit<Lease, Times> & Record<Times, Date | string | null>;

function toLease(row: StoredLease): Lease {
  return Object.freeze({
    ...row,
    startedAt: new Date(row.startedAt ?? 0),
    heartbeatAt: new Date(row.heartbeatAt ?? 0),
    expiresAt: row.expiresAt === null ? null : new Date(row.expiresAt),
    endedAt: row.endedAt === null ? null : new Date(row.endedAt),
  });
}
