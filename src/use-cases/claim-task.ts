import { v7 } from 'uuid';
import type { Actor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import type { Instance } from '../domain/instance.ts';
import type { Lease } from '../domain/lease.ts';
import { policyAt } from '../domain/policy.ts';
import type { Task } from '../domain/task.ts';
import { workPolicyOf } from '../domain/work-policy.ts';
import { lockInstances } from '../persistence/database.ts';
import type { ClaimFound } from '../persistence/repositories/lease.repository.ts';
import type { Ports } from './ports.ts';
import { queueOrderUnder } from './queue-order-at.ts';

/** A worker's wish for work. */
export interface ClaimAsk {
  readonly instanceId: string;
  readonly workerId: string;
  readonly requestId: string;
  readonly skills: readonly string[] | null;
  readonly actor: Actor;
}

export interface Claimed {
  readonly task: Task;
  readonly lease: Lease;
}

export type ClaimTask = (ask: ClaimAsk) => Promise<Claimed | null>;

const MAX_TRIES = 20;

/**
 * Hands the most pressing task of an instance to a worker, with a slot and a lease, in one transaction; null if nothing
 * is queued or no slot is free. Which one that is the behaviour of the instance says (rule O3). The same request again gives the same lease, as long as it is open (rules W1 to W3).
 */
export function createClaimTask(ports: Ports): ClaimTask {
  return async (ask) => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const found = await claimOnce(ports, ask).catch((error: unknown) => ({ kind: 'refused', error }) as const);
      if (found.kind === 'leased') return withTask(ports, found.lease);
      const known = await knownClaim(ports, ask);
      if (known !== null) return known;
      if (found.kind === 'refused') throw found.error;
      if (found.kind !== 'retry') return null;
    }
    return null;
  };
}

async function knownClaim(ports: Ports, { workerId, requestId }: ClaimAsk): Promise<Claimed | null> {
  const lease = await ports.repositories.leases.byRequest(null, workerId, requestId);
  if (lease === null) return null;
  if (lease.endedAt !== null) {
    throw new DomainError(
      'lease_conflict',
      `this request was answered with a lease that has ended: ${lease.outcome ?? ''}`,
    );
  }
  return withTask(ports, lease);
}

function claimOnce(ports: Ports, ask: ClaimAsk): Promise<ClaimFound> {
  return ports.database.transaction(async (transaction) => {
    await lockInstances(transaction, [ask.instanceId], 'shared');
    const found = await ports.repositories.instances.getWithPolicy(transaction, ask.instanceId);
    if (found === null) throw new DomainError('instance_not_found', `no instance ${ask.instanceId}`);
    const { instance, policyHash } = found;
    refuseIfClosed(instance);
    const inForce = await ports.policyInForce(transaction, policyHash);
    const work = workPolicyOf(policyAt(inForce.policy, instance), instance.scope);
    const { order, problem } = queueOrderUnder(inForce, instance);
    return ports.repositories.leases.claim(transaction, {
      ...ask,
      leaseId: v7(),
      limit: work.maxConcurrentTasks,
      timeoutSeconds: work.workerTimeoutSeconds,
      order,
      orderProblem: problem,
    });
  });
}

/** An instance that takes a rest, or whose work is pushed to Temporal's workers, hands out nothing, and says so (rules W3 and U1). */
function refuseIfClosed({ name, status, scope, config }: Instance): void {
  if (scope === 'global') throw new DomainError('instance_conflict', `${name} is a Global: it has no work of its own`);
  if (status !== 'running') {
    throw new DomainError('instance_conflict', `${name} is ${status}: it hands out nothing until it runs`);
  }
  if (config.executor !== undefined) {
    const queue = config.executor.task_queue;
    const words = `${name} is a push instance: its work goes to the workers of the Temporal task queue "${queue}"`;
    throw new DomainError('instance_conflict', `${words}, nobody claims it`);
  }
}

async function withTask({ repositories }: Ports, lease: Lease): Promise<Claimed> {
  const task = await repositories.tasks.get(null, lease.taskId);
  if (task === null) throw new DomainError('task_not_found', `task ${lease.taskId} was deleted`);
  return { task, lease };
}
