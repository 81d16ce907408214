import {
  DataTypes,
  Model,
  type InferAttributes,
  type InferCreationAttributes,
  type CreationOptional,
  type Sequelize,
} from 'sequelize';
import { INSTANCE_STATUSES, SCOPES, type Instance, type InstanceStatus, type Scope } from '../../domain/instance.ts';
import type { InstanceConfig } from '../../domain/instance.schema.ts';

/** A row of `hopper_instances`. */
export class InstanceModel extends Model<InferAttributes<InstanceModel>, InferCreationAttributes<InstanceModel>> {
  declare id: string;
  declare name: string;
  declare scope: Scope;
  declare status: CreationOptional<InstanceStatus>;
  declare parentId: string | null;
  declare config: CreationOptional<InstanceConfig>;
  declare searchLabels: CreationOptional<string>;
  declare searchProse: CreationOptional<string>;
  declare stopForcedBy: CreationOptional<string | null>;
  declare deleteAskedBy: CreationOptional<string | null>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

export function defineInstance(sequelize: Sequelize): typeof InstanceModel {
  class BoundInstance extends InstanceModel {}
  return BoundInstance.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      name: { type: DataTypes.TEXT, allowNull: false },
      scope: { type: DataTypes.ENUM(...SCOPES), allowNull: false },
      status: { type: DataTypes.ENUM(...INSTANCE_STATUSES), allowNull: false, defaultValue: 'created' },
      parentId: { type: DataTypes.UUID },
      config: { type: DataTypes.JSONB, allowNull: false, defaultValue: {} },
      searchLabels: { type: DataTypes.TEXT, allowNull: false, defaultValue: '' },
      searchProse: { type: DataTypes.TEXT, allowNull: false, defaultValue: '' },
      stopForcedBy: { type: DataTypes.TEXT },
      deleteAskedBy: { type: DataTypes.TEXT },
      createdAt: { type: DataTypes.DATE, defaultValue: DataTypes.NOW },
      updatedAt: { type: DataTypes.DATE, defaultValue: DataTypes.NOW },
    },
    { sequelize, modelName: 'Instance', tableName: 'hopper_instances', underscored: true, timestamps: false },
  );
}

export type InstanceRow = Pick<InstanceModel, keyof Instance>;

/** A row that was read as JSON, beside another one. */
export type InstanceJson = Omit<InstanceRow, 'createdAt' | 'updatedAt'> & {
  readonly createdAt: string;
  readonly updatedAt: string;
};

export function ofJson(row: InstanceJson): InstanceRow {
  return { ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) };
}

/** The plain, frozen instance of a row. */
export function toInstance(row: InstanceRow): Instance {
  return Object.freeze({
    id: row.id,
    name: row.name,
    scope: row.scope,
    status: row.status,
    parentId: row.parentId,
    config: row.config,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  });
}
