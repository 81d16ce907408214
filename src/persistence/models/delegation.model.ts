import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
} from 'sequelize';
import type { ChainLink, PlaceRef } from '../../domain/chain.ts';
import {
  DELEGATION_STATUSES,
  DELEGATION_TYPES,
  type Delegation,
  type DelegationStatus,
  type DelegationType,
} from '../../domain/delegation.ts';
import type { Json } from '../../domain/json.ts';
import type { InstanceModel } from './instance.model.ts';
import type { TaskModel } from './task.model.ts';

/** A row of `task_delegations`. */
export class DelegationModel extends Model<InferAttributes<DelegationModel>, InferCreationAttributes<DelegationModel>> {
  declare id: string;
  declare taskId: string;
  declare hop: number;
  declare sourceInstanceId: string;
  declare targetInstanceId: string;
  declare delegationType: CreationOptional<DelegationType>;
  declare status: CreationOptional<DelegationStatus>;
  declare delegatedAt: CreationOptional<Date>;
  declare acceptedAt: CreationOptional<Date | null>;
  declare completedAt: CreationOptional<Date | null>;
  declare expiresAt: CreationOptional<Date | null>;
  declare decidedBy: CreationOptional<string | null>;
  declare rejectionCode: CreationOptional<string | null>;
  declare retryable: CreationOptional<boolean>;
  declare result: CreationOptional<Json>;
  declare notes: CreationOptional<string | null>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
  declare task?: NonAttribute<TaskModel>;
  declare sourceInstance?: NonAttribute<InstanceModel>;
  declare targetInstance?: NonAttribute<InstanceModel>;
}

export function defineDelegation(sequelize: Sequelize): typeof DelegationModel {
  class BoundDelegation extends DelegationModel {}
  return BoundDelegation.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      taskId: { type: DataTypes.UUID, allowNull: false },
      hop: { type: DataTypes.INTEGER, allowNull: false },
      sourceInstanceId: { type: DataTypes.UUID, allowNull: false },
      targetInstanceId: { type: DataTypes.UUID, allowNull: false },
      delegationType: { type: DataTypes.ENUM(...DELEGATION_TYPES), allowNull: false, defaultValue: 'route' },
      status: { type: DataTypes.ENUM(...DELEGATION_STATUSES), allowNull: false, defaultValue: 'pending' },
      delegatedAt: { type: DataTypes.DATE, defaultValue: DataTypes.NOW },
      acceptedAt: { type: DataTypes.DATE },
      completedAt: { type: DataTypes.DATE },
      expiresAt: { type: DataTypes.DATE },
      decidedBy: { type: DataTypes.TEXT },
      rejectionCode: { type: DataTypes.TEXT },
      retryable: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
      result: { type: DataTypes.JSONB },
      notes: { type: DataTypes.TEXT },
      createdAt: { type: DataTypes.DATE, defaultValue: DataTypes.NOW },
      updatedAt: { type: DataTypes.DATE, defaultValue: DataTypes.NOW },
    },
    { sequelize, modelName: 'TaskDelegation', tableName: 'task_delegations', underscored: true, timestamps: false },
  );
}

export type DelegationRow = Pick<DelegationModel, keyof Delegation>;

/** The plain, frozen delegation of a row. */
export function toDelegation(row: DelegationRow): Delegation {
  return Object.freeze({
    id: row.id,
    taskId: row.taskId,
    hop: row.hop,
    sourceInstanceId: row.sourceInstanceId,
    targetInstanceId: row.targetInstanceId,
    delegationType: row.delegationType,
    status: row.status,
    delegatedAt: row.delegatedAt,
    acceptedAt: row.acceptedAt,
    completedAt: row.completedAt,
    expiresAt: row.expiresAt,
    decidedBy: row.decidedBy,
    rejectionCode: row.rejectionCode,
    retryable: row.retryable,
    result: row.result,
    notes: row.notes,
  });
}

export interface LinkRow extends DelegationRow {
  readonly sourceInstance?: PlaceRef;
  readonly targetInstance?: PlaceRef;
}

/** As `toDelegation`, with the instances at both ends, which the query must have included. */
export function toChainLink(row: LinkRow, reason: string | null): ChainLink {
  const { sourceInstance: source, targetInstance: target } = row;
  if (source === undefined || target === undefined) throw new TypeError('a chain link needs both its instances');
  return Object.freeze({
    ...toDelegation(row),
    sourceInstance: placeOf(source),
    targetInstance: placeOf(target),
    reason,
  });
}

function placeOf({ id, name, scope, executor }: PlaceRef): PlaceRef {
  return { id, name, scope, ...(executor !== undefined && { executor }) };
}
