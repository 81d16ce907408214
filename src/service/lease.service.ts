import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import { isSameJson } from '../domain/json.ts';
import type { ClaimBody, HeartbeatBody } from '../domain/lease.schema.ts';
import type { Lease } from '../domain/lease.ts';
import type { Task } from '../domain/task.ts';
import type { Reads } from '../persistence/queries/reads.ts';
import type { Repositories } from '../persistence/repositories/repositories.ts';
import type { ClaimTask, Claimed } from '../use-cases/claim-task.ts';
import type { Questions } from '../use-cases/ask-question.ts';
import type { GiveBack } from '../use-cases/give-back.ts';
import type { DrainGateway } from './drain-gateway.ts';
import type { ClaimedWork, LeaseService, RequestContext } from './hopper-service.ts';
import type { LeaseTokens } from './lease-token.ts';
import type { OrderTask } from './ordering.ts';

export interface LeaseServiceNeeds {
  readonly repositories: Repositories;
  readonly reads: Reads;
  readonly claimTask: ClaimTask;
  readonly giveBack: GiveBack;
  readonly questions: Questions;
  readonly orderTask: OrderTask;
  readonly drains: DrainGateway;
  readonly tokens: LeaseTokens;
}

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/** The worker's side: claim, heartbeat, ask, complete, fail, release. */
export function createLeaseService(needs: LeaseServiceNeeds): LeaseService {
  const { repositories, tokens } = needs;
  const own: OwnLease = async (leaseId, token) => {
    const lease = await repositories.leases.get(null, leaseId);
    if (lease === null) throw new DomainError('lease_not_found', `no lease ${leaseId}`);
    await tokens.check(lease, token);
    return lease;
  };
  return {
    ...workingPart(needs, own),
    ...endingPart(needs, own),

    claim: async (instanceId, body, context, hangUp) => {
      const claimed = await waitForWork(needs, await placesOf(needs, instanceId, body), body, context, hangUp);
      if (claimed === null) return null;
      return { ...claimed, token: await tokens.of(claimed.lease) } satisfies ClaimedWork;
    },

    attempts: async (taskId) => {
      const attempts = await repositories.leases.ofTask(taskId);
      if (attempts.length === 0 && (await repositories.tasks.get(null, taskId)) === null)
        throw new DomainError('task_not_found', `no task ${taskId}`);
      return attempts;
    },
  };
}

type OwnLease = (leaseId: string, token: string | undefined) => Promise<Lease>;

function workingPart(
  { repositories, questions }: LeaseServiceNeeds,
  own: OwnLease,
): Pick<LeaseService, 'heartbeat' | 'ask'> {
  return {
    heartbeat: async (leaseId, token, progress: HeartbeatBody) => {
      const lease = await own(leaseId, token);
      const extended = (await repositories.leases.extend(lease.id, lease.attempt, progress)) ?? refuseEnded(lease);
      const { questions: asked } = await taskOf(repositories, lease);
      return { lease: extended, answer: asked.findLast((each) => each.leaseId === lease.id)?.answer ?? null };
    },

    ask: async (leaseId, token, question) => {
      const lease = await own(leaseId, token);
      await stillHeld(repositories, lease, null);
      await questions.ask(lease, workerNamed(lease.workerId), question);
      return taskOf(repositories, lease);
    },
  };
}

function endingPart(
  { repositories, giveBack, orderTask, drains }: LeaseServiceNeeds,
  own: OwnLease,
): Pick<LeaseService, 'complete' | 'fail' | 'release' | 'decompose'> {
  /** A stop waits for its workers; its drain looks again at once when one of them is done (rule I5). */
  const whatCameOf = async (lease: Lease): Promise<Task> => {
    const at = await repositories.instances.get(null, lease.instanceId);
    if (at?.status === 'stopping') await drains.start(at).catch(leaveToTheDrain);
    return taskOf(repositories, lease);
  };
  return {
    complete: async (leaseId, token, { result, output }) => {
      const lease = await own(leaseId, token);
      if (lease.outcome === 'completed') {
        const task = await taskOf(repositories, lease);
        if (isSameJson(task.result, result)) return task;
      }
      await stillHeld(repositories, lease, output);
      await orderTask(lease.taskId, { kind: 'complete', leaseId: lease.id, result }, asWorker(lease));
      return whatCameOf(lease);
    },

    fail: async (leaseId, token, { reason, output }) => {
      const lease = await own(leaseId, token);
      if (lease.outcome === 'failed') return taskOf(repositories, lease);
      await stillHeld(repositories, lease, output);
      const answer = await giveBack.fail(lease, workerNamed(lease.workerId), reason);
      const command = { kind: 'fail', leaseId: lease.id, reason } as const;
      if (answer === 'exhausted') await orderTask(lease.taskId, command, asWorker(lease));
      return whatCameOf(lease);
    },

    decompose: async (leaseId, token, { parts, join }) => {
      const lease = await own(leaseId, token);
      if (lease.outcome === 'decomposed') return taskOf(repositories, lease);
      await stillHeld(repositories, lease, null);
      await orderTask(lease.taskId, { kind: 'decompose', leaseId: lease.id, parts, join }, asWorker(lease));
      return taskOf(repositories, lease);
    },

    release: async (leaseId, token, reason) => {
      const lease = await own(leaseId, token);
      if (lease.outcome !== 'released') await giveBack.release(lease, workerNamed(lease.workerId), reason);
      return whatCameOf(lease);
    },
  };
}

/** What was asked is done; a drain that cannot be told now looks again by itself. */
function leaveToTheDrain(error: unknown): void {
  if (!(error instanceof DomainError)) throw error;
}

async function taskOf({ tasks }: Repositories, { taskId }: Lease): Promise<Task> {
  const task = await tasks.get(null, taskId);
  if (task === null) throw new DomainError('task_not_found', `task ${taskId} was deleted`);
  return task;
}

/** The instances to claim from: the named one, others beside it, or all below it that do work. */
async function placesOf(
  { reads, repositories }: LeaseServiceNeeds,
  instanceId: string,
  body: ClaimBody,
): Promise<string[]> {
  const named = [instanceId, ...(body.instance_ids ?? [])];
  if (named.length === 1 && !body.subtree) return named; // the claim itself finds out whether it is there
  for (const id of named) {
    if ((await repositories.instances.get(null, id)) === null)
      throw new DomainError('instance_not_found', `no instance ${id}`);
  }
  if (!body.subtree) return [...new Set(named)];
  const trees = await Promise.all(named.map((id) => reads.subtreeOf(id)));
  const open = trees.flat().filter(({ scope, status }) => scope !== 'global' && status === 'running');
  return [...new Set(open.map((each) => each.id))];
}

/** Looks again and again until there is work, the time is over or the worker has hung up; nothing is held meanwhile. */
async function waitForWork(
  needs: LeaseServiceNeeds,
  places: readonly string[],
  body: ClaimBody,
  { requestId }: RequestContext,
  hangUp: AbortSignal,
): Promise<Claimed | null> {
  const until = Date.now() + body.wait_seconds * 1_000;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    if (hangUp.aborted) return null; // nobody is there to take it
    const claimed = await claimFrom(needs, places, body, requestId);
    const left = until - Date.now();
    if (claimed !== null || left <= 0) return claimed;
    await sleep(Math.min(pause, left), undefined, { signal: hangUp }).catch(() => undefined);
  }
}

async function claimFrom(
  { claimTask, repositories }: LeaseServiceNeeds,
  places: readonly string[],
  body: ClaimBody,
  requestId: string,
): Promise<Claimed | null> {
  const { worker_id: workerId, request_id } = body;
  const skills = body.skills ?? null;
  const wish = { workerId, requestId: request_id ?? requestId, skills, actor: workerNamed(workerId) };
  const [only, ...others] = places;
  if (only === undefined) return null;
  if (others.length === 0) return claimTask({ ...wish, instanceId: only });
  for (const instanceId of await repositories.leases.mostPressing(places, skills)) {
    const claimed = await claimTask({ ...wish, instanceId }).catch(ignoreClosed);
    if (claimed !== null) return claimed;
  }
  return null;
}

/** Of several instances one may have closed since it was listed. */
function ignoreClosed(error: unknown): null {
  if (error instanceof DomainError && error.code === 'instance_conflict') return null;
  throw error;
}

/** Before a task is finished its lease gets its whole time again, so that it does not lapse under the command (design §7). */
async function stillHeld({ leases }: Repositories, lease: Lease, output: string | null): Promise<void> {
  const extended = await leases.extend(lease.id, lease.attempt);
  if (extended === null) refuseEnded(lease);
  if (output !== null) await leases.keepOutput(lease.id, output);
}

function refuseEnded({ outcome, reason }: Lease): never {
  const words = outcome === null ? 'just now' : `${outcome}${reason === null ? '' : `: ${reason}`}`;
  throw new DomainError('lease_conflict', `this lease has ended (${words}): stop, and claim another task`);
}

function asWorker({ id, workerId }: Lease): RequestContext {
  return { actor: workerNamed(workerId), requestId: `lease-${id}`, isKeyed: true };
}

function workerNamed(name: string): Actor {
  return { name, role: 'worker', subtree: null };
}
