import { DomainError } from '../domain/errors.ts';
import type { Instance } from '../domain/instance.ts';
import type { WorkPolicy } from '../domain/work-policy.ts';
import type { Reads } from '../persistence/queries/reads.ts';
import type { Repositories } from '../persistence/repositories/repositories.ts';
import type { CreateInstance } from '../use-cases/create-instance.ts';
import type { MoveInstance, PatchInstance } from '../use-cases/change-instance.ts';
import type { DeleteInstance } from '../use-cases/delete-instance.ts';
import type { QueueOrderAt } from '../use-cases/queue-order-at.ts';
import type { DrainGateway } from './drain-gateway.ts';
import type { InstanceService, InstanceTree } from './hopper-service.ts';

export interface InstanceServiceNeeds {
  readonly repositories: Repositories;
  readonly reads: Reads;
  readonly createInstance: CreateInstance;
  readonly moveInstance: MoveInstance;
  readonly patchInstance: PatchInstance;
  readonly deleteInstance: DeleteInstance;
  readonly drains: DrainGateway;
  readonly queueOrderAt: QueueOrderAt;
  readonly workAt: (instanceId: string) => Promise<WorkPolicy>;
}

/** The tree of instances, its lifecycle, and what waits at each of them. */
export function createInstanceService(needs: InstanceServiceNeeds): InstanceService {
  const { repositories, reads } = needs;
  const get = async (instanceId: string): Promise<Instance> => {
    const instance = await repositories.instances.get(null, instanceId);
    if (instance === null) throw new DomainError('instance_not_found', `no instance ${instanceId}`);
    return instance;
  };
  const existing = async <Result>(instanceId: string, read: () => Promise<Result>): Promise<Result> => {
    await get(instanceId);
    return read();
  };
  const drained = async (moved: Instance): Promise<Instance> => {
    if (moved.status !== 'stopping') return moved;
    await needs.drains.start(moved).catch(sayThatItStops(moved));
    return get(moved.id);
  };
  return {
    get,
    list: (query) => reads.listInstances(query),
    create: (input, { actor, requestId }) => needs.createInstance(input, actor, requestId),
    patch: (instanceId, patch, { actor }) => needs.patchInstance(instanceId, patch, actor),
    move: async (instanceId, verb, { actor }, how) => drained(await needs.moveInstance(instanceId, verb, actor, how)),
    delete: async (instanceId, { actor }, how) => drained(await needs.deleteInstance(instanceId, actor, how)),
    async tree(instanceId) {
      const root = await get(instanceId);
      return grow(root, await reads.subtreeOf(instanceId));
    },
    async forest() {
      const all = await reads.subtreeOf(null);
      return all.filter((each) => each.parentId === null).map((root) => grow(root, all));
    },
    async queue(instanceId) {
      const { order } = await needs.queueOrderAt(null, await get(instanceId));
      return reads.queueOf(instanceId, order);
    },
    async stats(instanceId) {
      const { scope } = await get(instanceId);
      const slotLimit = scope === 'global' ? null : (await needs.workAt(instanceId)).maxConcurrentTasks;
      return { ...(await reads.statsOf(instanceId)), slotLimit };
    },
    pendingDelegations: (instanceId) =>
      existing(instanceId, () => repositories.delegations.getPendingDelegations(null, instanceId)),
    inbox: (instanceId) =>
      instanceId === null ? reads.inboxOf(null) : existing(instanceId, () => reads.inboxOf(instanceId)),
    events: (instanceId) => existing(instanceId, () => reads.eventsOfInstance(instanceId)),
  };
}

/** The stop is on record, whatever Temporal says now: the worker's watch starts the drain. */
function sayThatItStops({ name }: Instance): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, `${name} is stopping and will be drained; ${error.message}`, { cause: error });
  };
}

function grow(root: Instance, all: readonly Instance[]): InstanceTree {
  const byParent = new Map<string | null, Instance[]>();
  for (const each of all) {
    const siblings = byParent.get(each.parentId);
    if (siblings === undefined) byParent.set(each.parentId, [each]);
    else siblings.push(each);
  }
  const branch = (node: Instance): InstanceTree => ({ ...node, children: (byParent.get(node.id) ?? []).map(branch) });
  return branch(root);
}
