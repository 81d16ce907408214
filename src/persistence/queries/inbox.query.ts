import { QueryTypes, Op } from 'sequelize';
import type { InstanceRef } from '../../domain/chain.ts';
import type { InboxItem } from '../../domain/inbox.ts';
import { type DelegationModel, toDelegation } from '../models/delegation.model.ts';
import type { InstanceModel } from '../models/instance.model.ts';
import type { Models } from '../models/models.ts';
import { type TaskModel, toTask } from '../models/task.model.ts';

const SUBTREE_IDS = `
  WITH RECURSIVE below AS (
    SELECT id FROM hopper_instances WHERE id = $1
    UNION ALL SELECT c.id FROM hopper_instances c JOIN below ON c.parent_id = below.id
  )
  SELECT id FROM below`;

const LONGEST_INBOX = 500;

/** What waits for a person in a subtree, or anywhere: open offers and blocked tasks, the oldest first. */
export async function inboxOf(models: Models, instanceId: string | null): Promise<readonly InboxItem[]> {
  const ids = instanceId === null ? null : await subtreeIds(models, instanceId);
  const [offers, blocked] = await Promise.all([openOffers(models, ids), blockedTasks(models, ids)]);
  return [...offers, ...blocked].toSorted((a, b) => a.since.getTime() - b.since.getTime());
}

async function subtreeIds({ sequelize }: Models, instanceId: string): Promise<string[]> {
  const rows = await sequelize.query<{ id: string }>(SUBTREE_IDS, { bind: [instanceId], type: QueryTypes.SELECT });
  return rows.map((row) => row.id);
}

async function openOffers({ Delegation }: Models, ids: string[] | null): Promise<readonly InboxItem[]> {
  const rows = await Delegation.findAll({
    where: { status: 'pending', ...(ids !== null && { targetInstanceId: { [Op.in]: ids } }) },
    include: [{ association: 'task' }, { association: 'targetInstance' }],
    order: [['delegatedAt', 'ASC']],
    limit: LONGEST_INBOX,
  });
  return rows.map((row) => offerItem(row));
}

function offerItem(row: DelegationModel): InboxItem {
  const { task, targetInstance } = row;
  if (task === undefined || targetInstance === undefined) throw new TypeError('an offer needs its task and its target');
  const instance = refOf(targetInstance);
  return { kind: 'offer', since: row.delegatedAt, instance, task: toTask(task), delegation: toDelegation(row) };
}

async function blockedTasks({ Task, Instance }: Models, ids: string[] | null): Promise<readonly InboxItem[]> {
  const where = { status: 'blocked' as const, ...(ids !== null && { instanceId: { [Op.in]: ids } }) };
  const rows = await Task.findAll({ where, order: [['updatedAt', 'ASC']], limit: LONGEST_INBOX });
  const instances = await Instance.findAll({ where: { id: [...new Set(rows.map((row) => row.instanceId))] } });
  const byId = new Map(instances.map((instance) => [instance.id, refOf(instance)]));
  return rows.flatMap((row) => blockedItem(row, byId.get(row.instanceId)));
}

function blockedItem(row: TaskModel, instance: InstanceRef | undefined): readonly InboxItem[] {
  if (instance === undefined) return [];
  const kind = row.blockedOn === 'question' ? 'question' : 'held';
  return [{ kind, since: row.updatedAt, instance, task: toTask(row), delegation: null }];
}

function refOf({ id, name, scope }: InstanceModel): InstanceRef {
  return { id, name, scope };
}
