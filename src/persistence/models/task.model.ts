import {
  DataTypes,
  Model,
  type Association,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
} from 'sequelize';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Join } from '../../domain/parts/part.ts';
import {
  PRIORITIES,
  TASK_STATUSES,
  type Exclusion,
  type Failure,
  type Priority,
  type Question,
  type Task,
  type TaskStatus,
} from '../../domain/task.ts';
import type { DelegationModel } from './delegation.model.ts';

/** A row of `tasks`. */
export class TaskModel extends Model<InferAttributes<TaskModel>, InferCreationAttributes<TaskModel>> {
  declare static associations: { delegations: Association<TaskModel, DelegationModel> };
  declare id: string;
  declare title: string;
  declare description: string | null;
  declare tags: CreationOptional<string[]>;
  declare priority: CreationOptional<Priority>;
  declare estimatedDuration: number | null;
  declare metadata: CreationOptional<JsonObject>;
  declare requester: string | null;
  declare externalRef: string | null;
  declare dueAt: Date | null;
  declare notBefore: Date | null;
  declare missedDueAt: CreationOptional<Date | null>;
  declare parentTaskId: CreationOptional<string | null>;
  declare partKey: CreationOptional<string | null>;
  declare partDepth: CreationOptional<number>;
  declare join: CreationOptional<Join | null>;
  declare retryOf: CreationOptional<string | null>;
  declare status: CreationOptional<TaskStatus>;
  declare blockedOn: CreationOptional<string | null>;
  declare retryAt: CreationOptional<Date | null>;
  declare entryInstanceId: string;
  declare instanceId: string;
  declare step: CreationOptional<number>;
  declare queuedAt: CreationOptional<Date | null>;
  declare availableAt: CreationOptional<Date | null>;
  declare questions: CreationOptional<Question[]>;
  declare hopAttempts: CreationOptional<number>;
  declare totalAttempts: CreationOptional<number>;
  declare eventSeq: CreationOptional<number>;
  declare exclusions: CreationOptional<Exclusion[]>;
  declare result: CreationOptional<Json>;
  declare failure: CreationOptional<Failure | null>;
  declare finishedBy: CreationOptional<string | null>;
  declare submissionHash: CreationOptional<string>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
  declare finishedAt: CreationOptional<Date | null>;
  declare delegations?: NonAttribute<DelegationModel[]>;
}

export function defineTask(sequelize: Sequelize): typeof TaskModel {
  class BoundTask extends TaskModel {}
  return BoundTask.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      title: { type: DataTypes.TEXT, allowNull: false },
      description: { type: DataTypes.TEXT },
      tags: { type: DataTypes.ARRAY(DataTypes.TEXT), allowNull: false, defaultValue: [] },
      priority: { type: DataTypes.ENUM(...PRIORITIES), allowNull: false, defaultValue: 'medium' },
      estimatedDuration: { type: DataTypes.INTEGER },
      metadata: { type: DataTypes.JSONB, allowNull: false, defaultValue: {} },
      requester: { type: DataTypes.TEXT },
      externalRef: { type: DataTypes.TEXT },
      dueAt: { type: DataTypes.DATE },
      notBefore: { type: DataTypes.DATE },
      missedDueAt: { type: DataTypes.DATE },
      parentTaskId: { type: DataTypes.UUID },
      partKey: { type: DataTypes.TEXT },
      partDepth: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      join: { type: DataTypes.TEXT, field: 'parts_join' },
      retryOf: { type: DataTypes.UUID },
      status: { type: DataTypes.ENUM(...TASK_STATUSES), allowNull: false, defaultValue: 'routing' },
      blockedOn: { type: DataTypes.TEXT },
      retryAt: { type: DataTypes.DATE },
      entryInstanceId: { type: DataTypes.UUID, allowNull: false },
      instanceId: { type: DataTypes.UUID, allowNull: false },
      step: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      queuedAt: { type: DataTypes.DATE },
      availableAt: { type: DataTypes.DATE },
      questions: { type: DataTypes.JSONB, allowNull: false, defaultValue: [] },
      hopAttempts: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      totalAttempts: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      eventSeq: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      exclusions: { type: DataTypes.JSONB, allowNull: false, defaultValue: [] },
      result: { type: DataTypes.JSONB },
      failure: { type: DataTypes.JSONB },
      finishedBy: { type: DataTypes.TEXT },
      submissionHash: { type: DataTypes.TEXT, allowNull: false, defaultValue: '' },
      createdAt: { type: DataTypes.DATE, defaultValue: DataTypes.NOW },
      updatedAt: { type: DataTypes.DATE, defaultValue: DataTypes.NOW },
      finishedAt: { type: DataTypes.DATE },
    },
    { sequelize, modelName: 'Task', tableName: 'tasks', underscored: true, timestamps: false },
  );
}

export type TaskRow = Pick<TaskModel, keyof Task>;

/** The plain, frozen task of a row, without what only persistence needs. */
export function toTask(row: TaskRow): Task {
  return Object.freeze({
    id: row.id,
    title: row.title,
    description: row.description,
    tags: row.tags,
    priority: row.priority,
    estimatedDuration: row.estimatedDuration,
    metadata: row.metadata,
    requester: row.requester,
    externalRef: row.externalRef,
    dueAt: row.dueAt,
    notBefore: row.notBefore,
    missedDueAt: row.missedDueAt,
    parentTaskId: row.parentTaskId,
    partKey: row.partKey,
    partDepth: row.partDepth,
    join: row.join,
    retryOf: row.retryOf,
    status: row.status,
    blockedOn: row.blockedOn,
    retryAt: row.retryAt,
    entryInstanceId: row.entryInstanceId,
    instanceId: row.instanceId,
    step: row.step,
    queuedAt: row.queuedAt,
    availableAt: row.availableAt,
    questions: row.questions,
    hopAttempts: row.hopAttempts,
    totalAttempts: row.totalAttempts,
    exclusions: row.exclusions,
    result: row.result,
    failure: row.failure,
    finishedBy: row.finishedBy,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    finishedAt: row.finishedAt,
  });
}
