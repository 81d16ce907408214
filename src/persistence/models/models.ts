import type { Sequelize } from 'sequelize';
import { defineDelegation, type DelegationModel } from './delegation.model.ts';
import { defineInstance, type InstanceModel } from './instance.model.ts';
import { defineTask, type TaskModel } from './task.model.ts';

/** The models of one connection pool. */
export interface Models {
  readonly sequelize: Sequelize;
  readonly Instance: typeof InstanceModel;
  readonly Task: typeof TaskModel;
  readonly Delegation: typeof DelegationModel;
}

/** Defines the models on a pool, with the specification's associations. */
export function defineModels(sequelize: Sequelize): Models {
  const Instance = defineInstance(sequelize);
  const Task = defineTask(sequelize);
  const Delegation = defineDelegation(sequelize);
  Task.hasMany(Delegation, { as: 'delegations', foreignKey: 'taskId', onDelete: 'CASCADE', hooks: false });
  Delegation.belongsTo(Task, { as: 'task', foreignKey: 'taskId', onDelete: 'CASCADE' });
  Delegation.belongsTo(Instance, { as: 'sourceInstance', foreignKey: 'sourceInstanceId' });
  Delegation.belongsTo(Instance, { as: 'targetInstance', foreignKey: 'targetInstanceId' });
  Instance.hasMany(Instance, { as: 'children', foreignKey: 'parentId' });
  return { sequelize, Instance, Task, Delegation };
}
