import type { Actor } from '../domain/actor.ts';
import type { AuditReport } from '../domain/audit/finding.ts';
import type { DelegationChain } from '../domain/chain.ts';
import type { Delegation } from '../domain/delegation.ts';
import type { InboxItem } from '../domain/inbox.ts';
import type { Explanation } from '../domain/explain/explanation.ts';
import type { Instance, InstanceStatus, InstanceVerb, Scope } from '../domain/instance.ts';
import type { InstanceStats } from '../domain/instance-stats.ts';
import type { InstanceCreate, InstancePatch, InstanceStop } from '../domain/instance.schema.ts';
import type { Json } from '../domain/json.ts';
import type { ClaimBody, HeartbeatBody } from '../domain/lease.schema.ts';
import type { Lease } from '../domain/lease.ts';
import type { CurrentPolicy, KeptPolicy } from '../domain/kept-policy.ts';
import type { Join, PartSpec } from '../domain/parts/part.ts';
import type { Page } from '../domain/page.ts';
import type { RoutePreview } from '../domain/route-preview.ts';
import type { PreviewBody } from '../domain/route-preview.schema.ts';
import type { RecordedDecision } from '../domain/routing-decision.ts';
import type { Task } from '../domain/task.ts';
import type { TaskCommand } from '../domain/task-command.ts';
import type { InstanceEvent, TaskEvent } from '../domain/task-event.ts';
import type { TaskCreate, TaskPatch, TaskQuery } from '../domain/task.schema.ts';

/** Who asks, and under which id a repeat of the request is known (`Idempotency-Key`, else random). */
export interface RequestContext {
  readonly actor: Actor;
  readonly requestId: string;
  /** The caller chose the id, so that a repeat is the same request. */
  readonly isKeyed?: boolean;
}

/** The moves of a task that are asked for by the task's id. */
export type TaskMoveCommand = Extract<
  TaskCommand,
  { kind: 'complete' | 'fail' | 'cancel' | 'decompose' | 'escalate' | 'reroute' | 'reassign' }
>;

/** Tasks: every promise given here is on record before it is given. All methods throw DomainError. */
export interface TaskService {
  submit(input: TaskCreate, context: RequestContext): Promise<{ readonly task: Task; readonly isNew: boolean }>;
  get(taskId: string): Promise<Task>;
  list(query: TaskQuery): Promise<Page<Task>>;
  patch(taskId: string, patch: TaskPatch, context: RequestContext): Promise<Task>;
  chain(taskId: string): Promise<DelegationChain>;
  decisions(taskId: string): Promise<readonly RecordedDecision[]>;
  events(taskId: string): Promise<readonly TaskEvent[]>;
  /** Answers the open question of a task. */
  answer(taskId: string, text: string, context: RequestContext): Promise<Task>;
  /** Where it is, why it went there, and what it waits for. */
  explain(taskId: string): Promise<Explanation>;
  /** Submits a copy of a task that has ended; the same key gives the same copy. */
  retry(taskId: string, context: RequestContext): Promise<{ readonly task: Task; readonly isNew: boolean }>;
  /** Without `delegationId`, `complete` and `fail` act for the holder's delegation. */
  command(taskId: string, command: TaskMoveCommand, context: RequestContext): Promise<Task>;
}

export interface DelegationService {
  get(delegationId: string): Promise<Delegation>;
  accept(delegationId: string, notes: string | null, context: RequestContext): Promise<Delegation>;
  reject(delegationId: string, refusal: Refusal, context: RequestContext): Promise<Delegation>;
  complete(delegationId: string, result: Json, context: RequestContext): Promise<Delegation>;
}

export interface Refusal {
  readonly reason: string;
  readonly code: string | null;
  readonly retryable: boolean;
}

/** A claimed task with the right to work on it, and the token that shows it. */
export interface ClaimedWork {
  readonly task: Task;
  readonly lease: Lease;
  readonly token: string;
}

/** What a heartbeat brings: the lease, and the answer to the worker's last question once there is one. */
export interface Heard {
  readonly lease: Lease;
  readonly answer: string | null;
}

/** The worker's side. A token that is not the lease's own is refused, a lease that has ended is a conflict. */
export interface LeaseService {
  /** null: nothing to do, or no slot is free, for as long as was waited. */
  claim(instanceId: string, body: ClaimBody, context: RequestContext, hangUp: AbortSignal): Promise<ClaimedWork | null>;
  heartbeat(leaseId: string, token: string | undefined, progress: HeartbeatBody): Promise<Heard>;
  complete(
    leaseId: string,
    token: string | undefined,
    end: { readonly result: Json; readonly output: string | null },
  ): Promise<Task>;
  fail(
    leaseId: string,
    token: string | undefined,
    end: { readonly reason: string; readonly output: string | null },
  ): Promise<Task>;
  release(leaseId: string, token: string | undefined, reason: string | null): Promise<Task>;
  /** Splits the task; it waits for its parts, and the lease has ended. */
  decompose(
    leaseId: string,
    token: string | undefined,
    split: { readonly parts: readonly PartSpec[]; readonly join: Join },
  ): Promise<Task>;
  /** Puts the task before a person; the answer comes with a heartbeat. */
  ask(leaseId: string, token: string | undefined, question: string): Promise<Task>;
  attempts(taskId: string): Promise<readonly Lease[]>;
}

export interface InstanceQuery {
  readonly scope?: Scope | undefined;
  readonly status?: InstanceStatus | undefined;
  readonly parentId?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** An instance with everything below it. */
export interface InstanceTree extends Instance {
  readonly children: readonly InstanceTree[];
}

export interface InstanceService {
  list(query: InstanceQuery): Promise<Page<Instance>>;
  get(instanceId: string): Promise<Instance>;
  create(input: InstanceCreate, context: RequestContext): Promise<Instance>;
  patch(instanceId: string, patch: InstancePatch, context: RequestContext): Promise<Instance>;
  /** `stop` answers before the tasks are gone: the instance is `stopping` until its drain has moved them away. */
  move(instanceId: string, verb: InstanceVerb, context: RequestContext, how?: InstanceStop): Promise<Instance>;
  /** A live one is stopped first, and `stopping` when this answers. */
  delete(instanceId: string, context: RequestContext, how?: InstanceStop): Promise<Instance>;
  tree(instanceId: string): Promise<InstanceTree>;
  /** Every tree that has a RUNNING or other not terminated Global. */
  forest(): Promise<readonly InstanceTree[]>;
  queue(instanceId: string): Promise<readonly Task[]>;
  stats(instanceId: string): Promise<InstanceStats>;
  pendingDelegations(instanceId: string): Promise<readonly Delegation[]>;
  /** What waits for a person in the subtree of an instance, or anywhere if none is named. */
  inbox(instanceId: string | null): Promise<readonly InboxItem[]>;
  events(instanceId: string): Promise<readonly InstanceEvent[]>;
}

/** Whether Hopper's promises hold. */
export interface AuditService {
  run(): Promise<AuditReport>;
}

/** The policy of the deployment. */
export interface PolicyService {
  inForce(): Promise<CurrentPolicy>;
  /** One that is or was in force, by the hash that decisions carry. */
  get(hash: string): Promise<KeptPolicy>;
  /** Puts a YAML text into force; refuses it with the line of every problem. */
  publish(text: string, context: RequestContext): Promise<PolicyPublication>;
}

export interface PolicyPublication {
  readonly hash: string;
  readonly previousHash: string | null;
  /** False for what was in force already, and for a repeat. */
  readonly isChanged: boolean;
}

/** Where tasks would go. */
export interface RouteService {
  /** Every decision that a task would get; changes nothing. */
  preview(ask: PreviewBody): Promise<RoutePreview>;
}

/** What a part of the deployment answers when asked whether it is there. */
export interface Readiness {
  readonly isReady: boolean;
  /** `ok`, or why not. */
  readonly database: string;
  /** `ok`, or why not. */
  readonly temporal: string;
}

/** The one door behind every transport. */
export interface HopperService {
  readonly tasks: TaskService;
  readonly delegations: DelegationService;
  readonly instances: InstanceService;
  readonly leases: LeaseService;
  readonly policy: PolicyService;
  readonly routes: RouteService;
  readonly audit: AuditService;
  readiness(): Promise<Readiness>;
}
