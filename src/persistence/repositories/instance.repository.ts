import { type Sequelize, type Transaction, UniqueConstraintError, fn } from 'sequelize';
import { type Actor, HOPPER } from '../../domain/actor.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Instance, InstanceStatus } from '../../domain/instance.ts';
import { NO_ORDERS, type StopOrders } from '../../domain/drain.ts';
import type { InstanceConfig } from '../../domain/instance.schema.ts';
import { normalizeLabel } from '../../domain/scopes/ranking.ts';
import { searchTextOf } from '../../domain/search-text.ts';
import { columnsOf } from '../models/columns.ts';
import { type InstanceRow, toInstance } from '../models/instance.model.ts';
import type { Models } from '../models/models.ts';
import { type Prepared, prepared, rowsOf } from '../prepared.ts';
import { IN_FORCE_HASH } from './policy-statements.ts';
import { DELETE_TERMS, INSERT_TERMS } from './term-statements.ts';

export type InstanceToCreate = Pick<Instance, 'id' | 'name' | 'scope' | 'status' | 'parentId' | 'config'>;

const INSERT_EVENT = `
  INSERT INTO instance_events (instance_id, seq, type, actor, data)
  SELECT $1::uuid, coalesce(max(seq), 0) + 1, $2, $3, $4 FROM instance_events WHERE instance_id = $1::uuid`;

const ANCESTORS = prepared(`
  WITH RECURSIVE above AS (
    SELECT id, parent_id FROM hopper_instances WHERE id = $1
    UNION ALL SELECT p.id, p.parent_id FROM hopper_instances p JOIN above ON p.id = above.parent_id
  )
  SELECT id FROM above WHERE id <> $1`);

/** One move of the lifecycle. */
export interface InstanceMove {
  readonly from: InstanceStatus;
  readonly to: InstanceStatus;
}

/** What is on record about an instance besides its changes. */
export type InstanceNote = 'instance_kept' | 'instance_load_recounted';

/** What of an instance may be changed. */
export interface InstanceChange {
  readonly name?: string;
  readonly config?: InstanceConfig;
}

/** The tree of instances; every write is recorded with who did it. */
export class InstanceRepository {
  readonly #sequelize: Sequelize;
  readonly #model: Models['Instance'];
  readonly #read: Prepared;
  readonly #readWithPolicy: Prepared;
  readonly #readGlobals: Prepared;

  constructor({ sequelize, Instance }: Models) {
    this.#sequelize = sequelize;
    this.#model = Instance;
    const columns = columnsOf(Instance, 'i');
    this.#read = prepared(`SELECT ${columns} FROM hopper_instances i WHERE i.id = ANY ($1::uuid[])`);
    this.#readWithPolicy = prepared(`
      SELECT ${columns}, (${IN_FORCE_HASH}) AS "policyHash" FROM hopper_instances i WHERE i.id = $1`);
    this.#readGlobals = prepared(`
      SELECT ${columns} FROM hopper_instances i WHERE i.parent_id IS NULL AND i.scope = 'global' AND i.status = 'running' LIMIT 2`);
  }

  async get(transaction: Transaction | null, id: string): Promise<Instance | null> {
    const [row] = await this.getMany(transaction, [id]);
    return row ?? null;
  }

  /** An instance, and the hash of the policy in force. */
  async getWithPolicy(
    transaction: Transaction | null,
    id: string,
  ): Promise<{ readonly instance: Instance; readonly policyHash: string | null } | null> {
    type Row = InstanceRow & { readonly policyHash: string | null };
    const [row] = await rowsOf<Row>(this.#sequelize, transaction, this.#readWithPolicy, [id]);
    return row === undefined ? null : { instance: toInstance(row), policyHash: row.policyHash };
  }

  async getMany(transaction: Transaction | null, ids: readonly string[]): Promise<readonly Instance[]> {
    return (await rowsOf<InstanceRow>(this.#sequelize, transaction, this.#read, [ids])).map(toInstance);
  }

  async getChildren(transaction: Transaction | null, parentId: string): Promise<readonly Instance[]> {
    const rows = await this.#model.findAll({ where: { parentId }, order: [['name', 'ASC']], transaction });
    return rows.map(toInstance);
  }

  /** Two at most: the caller only asks whether there is exactly one. */
  async runningGlobals(transaction: Transaction | null): Promise<readonly Instance[]> {
    return (await rowsOf<InstanceRow>(this.#sequelize, transaction, this.#readGlobals, [])).map(toInstance);
  }

  async count(transaction: Transaction | null): Promise<number> {
    return this.#model.count({ transaction });
  }

  async ancestorIds(transaction: Transaction | null, id: string): Promise<readonly string[]> {
    return (await rowsOf<{ id: string }>(this.#sequelize, transaction, ANCESTORS, [id])).map((row) => row.id);
  }

  async create(transaction: Transaction, instance: InstanceToCreate, actor: Actor): Promise<Instance> {
    const { name, scope, status, parentId, config } = instance;
    const found = searchColumns(name, config);
    const row = await this.#model.create({ ...instance, ...found }, { transaction }).catch(refuseTwin(name));
    await this.#run(transaction, INSERT_TERMS, [instance.id, labelsOf(config)]);
    const told = { name, scope, status, parent_id: parentId, config };
    await this.#record(transaction, instance.id, 'instance_created', actor, told);
    return toInstance(row);
  }

  /** Moves an instance along its lifecycle, what was ordered for its stop with it; null means that it no longer stands at `from`. */
  async move(
    transaction: Transaction,
    id: string,
    { from, to }: InstanceMove,
    actor: Actor,
    { forcedBy, deletedBy }: StopOrders = NO_ORDERS,
  ): Promise<Instance | null> {
    const values = { status: to, stopForcedBy: forcedBy, deleteAskedBy: deletedBy };
    const changed = await this.#update(transaction, { id, status: from }, values);
    const told = { from, to, ...(forcedBy !== null && { force: true }), ...(deletedBy !== null && { delete: true }) };
    if (changed !== null) await this.#record(transaction, id, `instance_${to}`, actor, told);
    return changed;
  }

  /** What is ordered for the stop that is under way. */
  async stopOrders(transaction: Transaction | null, id: string): Promise<StopOrders> {
    const row = await this.#model.findByPk(id, { transaction });
    return { forcedBy: row?.stopForcedBy ?? null, deletedBy: row?.deleteAskedBy ?? null };
  }

  /** Changes what is ordered for a stop that is under way; the caller holds the exclusive lock. */
  async orderStop(transaction: Transaction, id: string, orders: StopOrders, actor: Actor): Promise<void> {
    const before = await this.stopOrders(transaction, id);
    const values = { stopForcedBy: orders.forcedBy, deleteAskedBy: orders.deletedBy };
    await this.#update(transaction, { id, status: 'stopping' }, values);
    if (orders.forcedBy !== before.forcedBy) await this.#record(transaction, id, 'instance_stop_forced', actor, {});
    if (orders.deletedBy !== before.deletedBy) await this.#record(transaction, id, 'instance_delete_asked', actor, {});
  }

  /** Puts on record what Hopper did, or left, at an instance. */
  async note(transaction: Transaction, id: string, type: InstanceNote, told: object): Promise<void> {
    await this.#record(transaction, id, type, HOPPER, told);
  }

  /** Changes what is given of an instance; the caller holds its exclusive lock. */
  async change(
    transaction: Transaction,
    before: Instance,
    change: InstanceChange,
    actor: Actor,
  ): Promise<Instance | null> {
    const { id, name, config } = { ...before, ...change };
    const found = searchColumns(name, config);
    const changed = await this.#update(transaction, { id }, { ...change, ...found }).catch(refuseTwin(name));
    if (changed === null) return null;
    await this.#run(transaction, DELETE_TERMS, [id]);
    await this.#run(transaction, INSERT_TERMS, [id, labelsOf(config)]);
    await this.#record(transaction, id, 'instance_changed', actor, change);
    return changed;
  }

  async #update(
    transaction: Transaction,
    where: { id: string; status?: InstanceStatus },
    values: (InstanceChange & SearchColumns) | StopColumns,
  ): Promise<Instance | null> {
    const stamped = { ...values, updatedAt: fn('now') };
    const [, [row]] = await this.#model.update(stamped, { where, transaction, returning: true });
    return row === undefined ? null : toInstance(row);
  }

  async #record(transaction: Transaction, id: string, type: string, actor: Actor, told: object): Promise<void> {
    const by = JSON.stringify({ name: actor.name, role: actor.role });
    await this.#run(transaction, INSERT_EVENT, [id, type, by, JSON.stringify(told)]);
  }

  async #run(transaction: Transaction, sql: string, bind: unknown[]): Promise<void> {
    await this.#sequelize.query(sql, { bind, transaction });
  }
}

interface StopColumns {
  readonly status?: InstanceStatus;
  readonly stopForcedBy: string | null;
  readonly deleteAskedBy: string | null;
}

interface SearchColumns {
  readonly searchLabels: string;
  readonly searchProse: string;
}

function searchColumns(name: string, config: InstanceConfig): SearchColumns {
  const { labels, prose } = searchTextOf(name, config);
  return { searchLabels: labels, searchProse: prose };
}

function labelsOf({ capabilities = [] }: InstanceConfig): readonly string[] {
  return [...new Set(capabilities.map(normalizeLabel))];
}

/** Two siblings cannot have one name. */
function refuseTwin(name: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof UniqueConstraintError)) throw error;
    throw new DomainError('instance_conflict', `there is an instance named ${name} beside it already`, {
      cause: error,
    });
  };
}
