import { PolicySchema } from '../../../src/domain/policy.schema.ts';
import { type WorkPolicy, workPolicyOf } from '../../../src/domain/work-policy.ts';
import { nextTry, standingOf } from '../../../src/domain/exclusions.ts';
import { HOPPER, type Actor } from '../../../src/domain/actor.ts';
import { type Change, type EventType, evolve } from '../../../src/domain/change.ts';
import { applyDecision } from '../../../src/domain/commands/apply-decision.ts';
import { judge } from '../../../src/domain/commands/judge.ts';
import type { NamedTarget } from '../../../src/domain/commands/move-task.ts';
import type { StepResult } from '../../../src/domain/step-result.ts';
import type { TaskAggregate } from '../../../src/domain/task-aggregate.ts';
import type { CommandEnvelope, TaskCommand } from '../../../src/domain/task-command.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { LockedTask } from '../../../src/persistence/repositories/task.repository.ts';
import { type PushResult, executionOf } from '../../../src/domain/execution.ts';
import { workerOf } from '../../../src/domain/executor.ts';
import type { PushAsk } from '../../../src/use-cases/push-task.ts';
import type { RouteAsk } from '../../../src/use-cases/route-task.ts';
import { snapshotOf } from '../../../src/use-cases/snapshot.ts';
import { type Tree, chosenTarget, decide, handBack, namedTarget, refOf } from './tree.ts';
import { until } from './until.ts';

/** One run of a step, as the workflow asked for it. */
export type Call =
  | { readonly step: 'routeTask'; readonly ask: RouteAsk }
  | { readonly step: 'applyCommand'; readonly ask: CommandEnvelope }
  | { readonly step: 'readTask' }
  | { readonly step: 'pushTask'; readonly ask: PushAsk };

/** Stands between the workflow and the row: may look, wait, fail, or answer something else. */
export type Around = (call: Call, proceed: () => Promise<StepResult>) => Promise<StepResult>;

/** The row of one task in memory. It judges and evolves with the product's own domain, under the same fences. */
export class FakeRow {
  readonly calls: Call[] = [];
  readonly events: EventType[] = [];
  around: Around = (_call, proceed) => proceed();
  mostAtOnce = 0;
  onDueMissed: WorkPolicy['onDueMissed'] = 'none';
  /** The places that stop: nothing is offered to them, and what they hold they hand back. */
  readonly stopping = new Set<string>();
  /** By how much the database's clock is behind Temporal's. */
  lagMs = 0;
  /** The slots that are free at the holder. */
  freeSlots = 1;
  /** The first slot is taken by a workflow run that is gone before it could start the worker. */
  isLeasedElsewhere = false;
  /** Why attempts ended, in order. */
  readonly reasonsGiven: string[] = [];

  private aggregate: TaskAggregate | null = null;
  private readonly commandIds = new Set<string>();
  private readonly reasons = new Map<string, string>();
  readonly taskId: string;
  private readonly tree: Tree;
  private readonly clock: () => Promise<Date>;
  private running = 0;
  private answered = 0;
  private attempts = 0;

  constructor(taskId: string, tree: Tree, clock: () => Promise<Date>) {
    this.taskId = taskId;
    this.tree = tree;
    this.clock = clock;
  }

  get task(): Task {
    if (this.aggregate === null) throw new Error(`task ${this.taskId} is not on record`);
    return this.aggregate.task;
  }

  get chain(): TaskAggregate['delegations'] {
    return this.aggregate?.delegations ?? [];
  }

  /** The commands that the workflow wanted carried out, in order, repeats included. */
  get commands(): readonly CommandEnvelope[] {
    return this.calls.flatMap((call) => (call.step === 'applyCommand' ? [call.ask] : []));
  }

  async admit(title: string, tags: readonly string[] = []): Promise<void> {
    const now = await this.clock();
    const task = { ...BLANK, id: this.taskId, title, tags, createdAt: now, updatedAt: now };
    this.aggregate ??= { task, delegations: [], lease: null, parts: [], now };
  }

  /** Waits until the row has come so far. The workflow may hear of it a moment later. */
  async untilStep(step: number): Promise<void> {
    await until(
      () => this.task.step,
      (seen) => seen >= step,
    );
  }

  /** Waits until the workflow has had so many commands carried out. */
  async untilCommands(count: number): Promise<void> {
    await until(
      () => this.answered,
      (seen) => seen >= count,
    );
  }

  /** Waits until the workflow has read the row so often because it was told to. */
  async untilReads(count: number): Promise<void> {
    await until(
      () => this.calls.filter((call) => call.step === 'readTask').length,
      (seen) => seen >= count,
    );
  }

  /** The row as it stands, for a test's own answer. */
  async readNow(): Promise<StepResult> {
    const locked = await this.lock('');
    return locked === null ? { verdict: 'gone' } : { verdict: 'done', row: snapshotOf(locked, locked) };
  }

  routeTask(ask: RouteAsk): Promise<StepResult> {
    return this.take({ step: 'routeTask', ask }, async () => this.route(ask));
  }

  applyCommand(ask: CommandEnvelope): Promise<StepResult> {
    return this.take({ step: 'applyCommand', ask }, async () => this.apply(ask));
  }

  readTask(): Promise<StepResult> {
    return this.take({ step: 'readTask' }, async () => this.readNow());
  }

  /** Takes a slot, as the product does it in one transaction. The answer goes past `around`. */
  async pushTask(ask: PushAsk): Promise<PushResult> {
    this.calls.push({ step: 'pushTask', ask });
    const seen = await this.lock('');
    if (seen === null) return { verdict: 'gone' };
    const { executor } = refOf(this.tree, seen.task.instanceId);
    const wanted = `lease/${ask.request}`;
    const isDue = Math.max(Number(seen.task.availableAt), Number(seen.task.notBefore)) <= Number(seen.now);
    if (seen.task.status === 'queued' && executor && isDue && this.freeSlots > 0) {
      this.attempts += 1;
      const lease = { workerId: workerOf(executor.task_queue), attempt: this.attempts, expiresAt: null };
      const task = { ...seen.task, status: 'in_progress', availableAt: null } as const;
      const id = this.isLeasedElsewhere ? 'lease/elsewhere' : wanted;
      this.isLeasedElsewhere = false;
      this.aggregate = { ...seen, task, lease: { ...lease, id, timeoutSeconds: 300 } };
    }
    const locked = await this.lock('');
    if (locked === null) return { verdict: 'gone' };
    const execution = locked.lease?.id === wanted ? executionOf(locked.task, locked.lease, executor ?? null) : null;
    return { verdict: 'done', row: snapshotOf(locked, locked), execution };
  }

  /** A write of somebody else, of which the workflow hears nothing. */
  async behindItsBack(command: TaskCommand, actor: Actor = HOPPER): Promise<void> {
    const { step: expectedStep } = this.task;
    const commandId = `elsewhere/${String(expectedStep)}`;
    const result = await this.apply({ taskId: this.taskId, commandId, expectedStep, actor, via: 'hopper', command });
    if (result.verdict !== 'done') throw new Error(`the other writer was refused: ${JSON.stringify(result)}`);
    if (this.task.status === 'routing') await this.route({ taskId: this.taskId, expectedStep: this.task.step });
  }

  /** Somebody sets the time until when it is to be done. */
  setDueAt(dueAt: Date): void {
    if (this.aggregate !== null) this.aggregate = { ...this.aggregate, task: { ...this.task, dueAt } };
  }

  delete(): void {
    this.aggregate = null;
  }

  private async take(call: Call, proceed: () => Promise<StepResult>): Promise<StepResult> {
    this.calls.push(call);
    this.running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    try {
      return await this.around(call, proceed);
    } finally {
      this.running -= 1;
      if (call.step === 'applyCommand') this.answered += 1;
    }
  }

  private async route({ expectedStep }: RouteAsk): Promise<StepResult> {
    const commandId = `decide/${String(expectedStep)}`;
    const locked = await this.lock(commandId);
    if (locked === null) return { verdict: 'gone' };
    const row = snapshotOf(locked, locked);
    if (locked.isKnownCommand) return { verdict: 'done', row };
    if (locked.task.step !== expectedStep) return { verdict: 'moved', row };
    if (locked.task.status !== 'routing') return { verdict: 'done', row };
    const { excluded, postponed } = standingOf(locked.task.exclusions, locked.now, PATIENCE);
    const later = postponed.map((each) => each.instanceId);
    const { instanceId } = locked.task;
    const decision = this.stopping.has(instanceId)
      ? handBack(instanceId)
      : decide(this.tree, instanceId, [...excluded, ...this.stopping], later);
    const target = 'targetId' in decision ? chosenTarget(this.tree, decision.targetId) : null;
    const change = applyDecision(locked, decision, target, {
      onUnroutable: 'reject',
      retryAt: nextTry(postponed),
    });
    return this.write(locked, change, commandId, decision.reason);
  }

  private async apply({ commandId, expectedStep, actor, via, command }: CommandEnvelope): Promise<StepResult> {
    const locked = await this.lock(commandId);
    if (locked === null) return { verdict: 'gone' };
    const row = snapshotOf(locked, locked);
    if (locked.isKnownCommand) return { verdict: 'done', row };
    if (locked.task.step !== expectedStep) return { verdict: 'moved', row };
    const target = this.targetOf(command);
    const work = { ...workPolicyOf(PolicySchema.parse({}), 'orchestration'), onDueMissed: this.onDueMissed };
    const verdict = judge(locked, actor, command, target, work);
    if (verdict.kind === 'done') return { verdict: 'done', row };
    if (verdict.kind === 'change') return this.write(locked, verdict.change, commandId);
    if (via === 'signal') this.events.push('decision_ignored');
    return { verdict: 'conflict', code: verdict.code, detail: verdict.detail, row };
  }

  private targetOf(command: TaskCommand): NamedTarget | null {
    if (command.kind === 'reassign') return namedTarget(this.tree, command.targetInstanceId);
    if (command.kind !== 'leave') return null;
    const place = namedTarget(this.tree, command.instanceId);
    return place === null || !this.stopping.has(place.id) ? place : { ...place, status: 'stopping' };
  }

  private async lock(commandId: string): Promise<LockedTask | null> {
    const now = new Date((await this.clock()).getTime() - this.lagMs);
    if (this.aggregate === null) return null;
    const { task, delegations, lease } = this.aggregate;
    return {
      task,
      lease,
      parts: [],
      now,
      delegations: delegations.map((each) => ({
        ...each,
        sourceInstance: refOf(this.tree, each.sourceInstanceId),
        targetInstance: refOf(this.tree, each.targetInstanceId),
        reason: this.reasons.get(each.id) ?? null,
      })),
      around: [],
      holder: { ...refOf(this.tree, task.instanceId), status: 'running', config: {} },
      policyHash: null,
      isKnownCommand: this.commandIds.has(commandId),
      entryInstance: refOf(this.tree, task.entryInstanceId),
      lastReason: [...this.reasons.values()].at(-1) ?? null,
    };
  }

  private write(locked: LockedTask, change: Change, commandId: string, reason?: string): StepResult {
    const delegationId = `${this.taskId}/${commandId}`;
    const first = evolve(locked, change, delegationId);
    const after = change.followedBy === undefined ? first : evolve(first, change.followedBy, delegationId);
    this.aggregate = after;
    this.commandIds.add(commandId);
    this.events.push(change.type, ...(change.followedBy === undefined ? [] : [change.followedBy.type]));
    if (change.leaseOutcome !== undefined) this.reasonsGiven.push(reasonIn(change));
    if (reason !== undefined) this.reasons.set(delegationId, reason);
    const instances = Object.keys(this.tree).map((name) => refOf(this.tree, name));
    return { verdict: 'done', row: snapshotOf(locked, after, { instances, ...(reason !== undefined && { reason }) }) };
  }
}

function reasonIn({ detail }: Change): string {
  return typeof detail['reason'] === 'string' ? detail['reason'] : '';
}

const PATIENCE = { retry_after_seconds: 60, max_retryable_refusals: 3 };

const BLANK = {
  description: null,
  priority: 'medium',
  estimatedDuration: null,
  metadata: {},
  requester: null,
  externalRef: null,
  dueAt: null,
  notBefore: null,
  missedDueAt: null,
  parentTaskId: null,
  partKey: null,
  partDepth: 0,
  join: null,
  retryOf: null,
  status: 'routing',
  blockedOn: null,
  entryInstanceId: 'global',
  instanceId: 'global',
  step: 0,
  exclusions: [],
  result: null,
  failure: null,
  finishedBy: null,
  retryAt: null,
  queuedAt: null,
  availableAt: null,
  questions: [],
  hopAttempts: 0,
  totalAttempts: 0,
  finishedAt: null,
} as const;
