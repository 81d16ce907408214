import { QueryTypes, type Transaction, UniqueConstraintError } from 'sequelize';
import type { Actor } from '../../domain/actor.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Instance, InstanceStatus } from '../../domain/instance.ts';
import type { InstanceConfig } from '../../domain/instance.schema.ts';
import { type InstanceModel, toInstance } from '../models/instance.model.ts';
import type { Models } from '../models/models.ts';

export type InstanceToCreate = Pick<Instance, 'id' | 'name' | 'scope' | 'status' | 'parentId' | 'config'>;

export type InstanceRepository = ReturnType<typeof createInstanceRepository>;

const INSERT_EVENT = `
  INSERT INTO instance_events (instance_id, seq, type, actor, data)
  SELECT $1::uuid, coalesce(max(seq), 0) + 1, $2, $3, $4 FROM instance_events WHERE instance_id = $1::uuid`;

const ANCESTORS = `
  WITH RECURSIVE above AS (
    SELECT id, parent_id FROM hopper_instances WHERE id = $1
    UNION ALL SELECT p.id, p.parent_id FROM hopper_instances p JOIN above ON p.id = above.parent_id
  )
  SELECT id FROM above WHERE id <> $1`;

/** The tree of instances; every write is recorded with who did it. */
export function createInstanceRepository({ sequelize, Instance }: Models) {
  const record = async (transaction: Transaction, id: string, type: string, actor: Actor, data: object): Promise<void> => {
    const by = JSON.stringify({ name: actor.name, role: actor.role });
    await sequelize.query(INSERT_EVENT, { bind: [id, type, by, JSON.stringify(data)], transaction });
  };

  return {
    async get(transaction: Transaction | null, id: string): Promise<Instance | null> {
      const row = await Instance.findByPk(id, { transaction });
      return row === null ? null : toInstance(row);
    },

    async getMany(transaction: Transaction | null, ids: readonly string[]): Promise<readonly Instance[]> {
      const rows = await Instance.findAll({ where: { id: [...ids] }, transaction });
      return rows.map(toInstance);
    },

    async getChildren(transaction: Transaction | null, parentId: string): Promise<readonly Instance[]> {
      const rows = await Instance.findAll({ where: { parentId }, order: [['name', 'ASC']], transaction });
      return rows.map(toInstance);
    },

    async runningGlobals(transaction: Transaction | null): Promise<readonly Instance[]> {
      const rows = await Instance.findAll({ where: { scope: 'global', status: 'running' }, limit: 2, transaction });
      return rows.map(toInstance);
    },

    async count(transaction: Transaction | null): Promise<number> {
      return Instance.count({ transaction });
    },

    async ancestorIds(transaction: Transaction | null, id: string): Promise<readonly string[]> {
      const rows = await sequelize.query<{ id: string }>(ANCESTORS, { bind: [id], type: QueryTypes.SELECT, transaction });
      return rows.map((row) => row.id);
    },

    async create(transaction: Transaction, instance: InstanceToCreate, actor: Actor): Promise<Instance> {
      const row = await Instance.create({ ...instance }, { transaction }).catch(refuseTwin(instance.name));
      const { name, scope, status, parentId, config } = instance;
      await record(transaction, instance.id, 'instance_created', actor, { name, scope, status, parent_id: parentId, config });
      return toInstance(row);
    },

    /** Moves an instance along its lifecycle; null means that it no longer stands at `from`. */
    async move(transaction: Transaction, id: string, from: InstanceStatus, to: InstanceStatus, actor: Actor): Promise<Instance | null> {
      const changed = await updateWhere(Instance, transaction, { id, status: from }, { status: to });
      if (changed !== null) await record(transaction, id, `instance_${to}`, actor, { from, to });
      return changed;
    },

    async change(transaction: Transaction, id: string, change: InstanceChange, actor: Actor): Promise<Instance | null> {
      const changed = await updateWhere(Instance, transaction, { id }, change);
      if (changed !== null) await record(transaction, id, 'instance_changed', actor, change);
      return changed;
    },
  };
}

export interface InstanceChange {
  readonly name?: string;
  readonly config?: InstanceConfig;
}

async function updateWhere(
  Instance: typeof InstanceModel,
  transaction: Transaction,
  where: { id: string; status?: InstanceStatus },
  values: InstanceChange | { status: InstanceStatus },
): Promise<Instance | null> {
  const name = 'name' in values ? (values.name ?? '') : '';
  const update = Instance.update({ ...values, updatedAt: new Date() }, { where, transaction, returning: true });
  const [, [row]] = await update.catch(refuseTwin(name));
  return row === undefined ? null : toInstance(row);
}

/** Two siblings cannot have one name. */
function refuseTwin(name: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof UniqueConstraintError)) throw error;
    throw new DomainError('instance_conflict', `there is an instance named ${name} beside it already`, { cause: error });
  };
}
