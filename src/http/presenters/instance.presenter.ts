import type { Instance } from '../../domain/instance.ts';
import type { InstanceResponse, InstanceTreeResponse } from '../../domain/instance.schema.ts';
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
