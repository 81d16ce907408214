import type { Instance } from '../../domain/instance.ts';
import type { InstanceStats } from '../../domain/instance-stats.ts';
import type { InstanceResponse, InstanceStatsResponse, InstanceTreeResponse } from '../../domain/instance.schema.ts';
import type { InstanceTree } from '../../service/hopper-service.ts';
import { time } from './time.ts';

export function presentInstance(instance: Instance): InstanceResponse {
  return {
    id: instance.id,
    name: instance.name,
    scope: instance.scope,
    status: instance.status,
    parent_id: instance.parentId,
    config: instance.config,
    created_at: time(instance.createdAt),
    updated_at: time(instance.updatedAt),
  };
}

export function presentTree(tree: InstanceTree): InstanceTreeResponse {
  return { ...presentInstance(tree), children: tree.children.map(presentTree) };
}

export function presentStats(stats: InstanceStats): InstanceStatsResponse {
  const { routing, offered, queued, inProgress, waiting, blocked } = stats;
  return {
    instance_id: stats.instanceId,
    tasks: { routing, offered, queued, in_progress: inProgress, waiting, blocked },
    pending_offers: stats.pendingOffers,
    slots: { used: stats.slotsUsed, limit: stats.slotLimit },
    oldest_queued_at: time(stats.oldestQueuedAt),
  };
}
