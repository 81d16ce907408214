import { QueryTypes, type Transaction } from 'sequelize';
import type { Actor } from '../../domain/actor.ts';
import { type Change, evolve } from '../../domain/change.ts';
import type { Delegation } from '../../domain/delegation.ts';
import { DomainError } from '../../domain/errors.ts';
import { loadChanges } from '../../domain/instance-load.ts';
import type { ChainLink, PlaceRef } from '../../domain/chain.ts';
import type { JsonObject } from '../../domain/json.ts';
import { leaseEndOf } from '../../domain/lease.ts';
import type { TaskAggregate } from '../../domain/task-aggregate.ts';
import type { TaskPatch } from '../../domain/task.schema.ts';
import { TASK_STATUSES, type Task, canTaskMove } from '../../domain/task.ts';
import type { Instance } from '../../domain/instance.ts';
import { behind } from '../models/columns.ts';
import { type InstanceRow, toInstance } from '../models/instance.model.ts';
import type { Models } from '../models/models.ts';
import { type TaskRow, toTask } from '../models/task.model.ts';
import { changeRecord } from './change-record.ts';
import type { DelegationRepository } from './delegation.repository.ts';
import type { PartRepository } from './part.repository.ts';
import { type DecisionToCreate, decisionValues } from './decision.repository.ts';
import {
  ADD_TO_LOADS,
  DECIDE_AND_ADD_TO_LOADS,
  OPEN_AND_ADD_TO_LOADS,
  OPEN_DECIDE_AND_ADD_TO_LOADS,
} from './load-statements.ts';
import { type LockedRow, lockedTask } from './locked-row.ts';
import {
  APPEND_EVENT,
  END_LEASE,
  INSERT_TASK_WITH_EVENT,
  LOCK_TASK,
  READ_CLOCK,
  UPDATE_TASK_WITH_EVENT,
  WAS_DELETED,
  readLockedSql,
  readWithHolderSql,
  HOLDER_PREFIX,
  TASK_PREFIX,
} from './task-statements.ts';

type FirstFields = 'id' | 'title' | 'description' | 'tags' | 'priority' | 'estimatedDuration' | 'metadata';
type MoreFields = 'requester' | 'externalRef' | 'dueAt' | 'notBefore' | 'entryInstanceId';

/** A task to be stored for the first time. */
export type TaskToInsert = Pick<Task, FirstFields | MoreFields> & {
  readonly submissionHash: string;
  readonly retryOf?: string;
};

/** A task under its row lock, its chain, and whether the command at hand is on record already (law 3). */
export interface LockedTask extends TaskAggregate {
  readonly delegations: readonly ChainLink[];
  readonly isKnownCommand: boolean;
  readonly entryInstance: PlaceRef;
  readonly lastReason: string | null;
  /** The instances that were asked for, as they stand now. */
  readonly around: readonly InstanceAround[];
}

/** What of an instance a decision rests on. */
export type InstanceAround = Pick<Instance, 'id' | 'name' | 'scope' | 'status' | 'config'>;

export interface TaskWithHolder {
  readonly task: Task;
  readonly holder: Instance;
}

/** The ids that the parts of a command get, and their first hops. */
export interface PartIds {
  readonly partIdOf: (no: number) => string;
  readonly delegationIdOf: (partId: string) => string;
}

/** A change, by which command it came, and the id of the delegation that it opens. */
export interface ChangeToWrite {
  readonly before: TaskAggregate;
  readonly change: Change;
  readonly commandId: string;
  readonly delegationId: string;
  /** What the parts are called that the change makes; needed only where it may make some. */
  readonly partIds?: PartIds;
  /** The decision that the change carries out. */
  readonly decision?: DecisionToCreate | null;
}

/** An event that comes without a change of status. */
export interface EventToAppend {
  readonly type: Change['type'];
  readonly actor: Actor;
  readonly commandId: string;
  readonly data: JsonObject;
}

/** Tasks as aggregates: loaded under their row lock, changed in one statement with their event. */
export class TaskRepository {
  readonly #models: Models;
  readonly #delegations: DelegationRepository;
  readonly #parts: PartRepository;
  readonly #readLocked: string;
  readonly #readWithHolder: string;

  constructor(models: Models, delegations: DelegationRepository, parts: PartRepository) {
    this.#models = models;
    this.#delegations = delegations;
    this.#parts = parts;
    this.#readLocked = readLockedSql(models);
    this.#readWithHolder = readWithHolderSql(models);
  }

  async get(transaction: Transaction | null, id: string): Promise<Task | null> {
    const row = await this.#models.Task.findByPk(id, { transaction });
    return row === null ? null : toTask(row);
  }

  /** The time by the database's clock, which is the only one that counts. */
  async now(transaction: Transaction | null): Promise<Date> {
    const [row] = await this.#models.sequelize.query<{ now: Date }>(READ_CLOCK, {
      transaction,
      type: QueryTypes.SELECT,
    });
    if (row === undefined) throw new TypeError('a clock without a row');
    return row.now;
  }

  async submissionHash(transaction: Transaction | null, id: string): Promise<string | null> {
    const row = await this.#models.Task.findByPk(id, { attributes: ['submissionHash'], transaction });
    return row?.submissionHash ?? null;
  }

  /** True if the task was deleted; nothing resurrects it. */
  async wasDeleted(id: string): Promise<boolean> {
    return (await this.#models.sequelize.query(WAS_DELETED, { bind: [id], type: QueryTypes.SELECT })).length > 0;
  }

  /** Inserts the task if it is absent; false means that it was there. */
  async insert(transaction: Transaction, task: TaskToInsert, actor: Actor, detail: JsonObject): Promise<boolean> {
    const bind: unknown[] = [
      ...[task.id, task.title, task.description, task.tags, task.priority, task.estimatedDuration],
      ...[JSON.stringify(task.metadata), task.requester, task.externalRef, task.dueAt, task.notBefore],
      ...[task.entryInstanceId, task.submissionHash, actorJson(actor), JSON.stringify(detail)],
      task.retryOf ?? null,
    ];
    const options = { bind, transaction, type: QueryTypes.SELECT } as const;
    return (await this.#models.sequelize.query(INSERT_TASK_WITH_EVENT, options)).length === 1;
  }

  /** A task with the instance that holds it. */
  async getWithHolder(transaction: Transaction | null, id: string): Promise<TaskWithHolder | null> {
    const [row] = await this.#models.sequelize.query<Record<string, unknown>>(this.#readWithHolder, {
      bind: [id],
      transaction,
      type: QueryTypes.SELECT,
    });
    if (row === undefined) return null;
    const holder = toInstance(behind(HOLDER_PREFIX, row) as unknown as InstanceRow);
    return { task: toTask(behind(TASK_PREFIX, row) as unknown as TaskRow), holder };
  }

  /** Locks the row; what it answers stays true until the transaction ends. */
  async lock(
    transaction: Transaction,
    id: string,
    commandId: string,
    aroundIds: readonly string[] = [],
  ): Promise<LockedTask | null> {
    const { sequelize } = this.#models;
    await sequelize.query(LOCK_TASK, { bind: [id], transaction });
    const bind = [id, commandId, aroundIds];
    return lockedTask(
      await sequelize.query<LockedRow>(this.#readLocked, { bind, transaction, type: QueryTypes.SELECT }),
    );
  }

  /** Writes a change with its event; under the row lock that `lock` took. */
  async write(
    transaction: Transaction,
    { before, change, commandId, delegationId, partIds, decision = null }: ChangeToWrite,
  ): Promise<TaskAggregate> {
    const after = evolve(before, change, delegationId, partIds?.partIdOf);
    const { task, now } = after;
    const isAside = change.keepsStep === true || change.type === 'due_missed';
    const staysSo = isAside && before.task.status === task.status;
    const from = TASK_STATUSES.filter(
      (status) => canTaskMove(status, task.status) || (staysSo && status === task.status),
    );
    const bind: unknown[] = [
      ...[task.id, before.task.step, task.status, task.instanceId, task.blockedOn],
      ...[JSON.stringify(task.exclusions), jsonOrNull(task.result), jsonOrNull(task.failure)],
      ...[task.finishedBy, task.finishedAt, now, from, change.type, actorJson(change.actor), commandId],
      JSON.stringify(changeRecord(change, after, delegationId)),
      ...[task.retryAt, task.step, task.queuedAt, task.availableAt, task.hopAttempts, task.totalAttempts],
      ...[JSON.stringify(task.questions), task.join, task.missedDueAt],
    ];
    const options = { bind, transaction, type: QueryTypes.SELECT } as const;
    const written = await this.#models.sequelize.query(UPDATE_TASK_WITH_EVENT, options);
    if (written.length !== 1) {
      throw new DomainError('task_conflict', `task is ${before.task.status}: it cannot become ${task.status}`);
    }
    const ended = leaseEndOf(before.lease, change);
    if (ended !== null) {
      const end = [ended.id, now, ended.outcome, ended.reason];
      await this.#models.sequelize.query(END_LEASE, { bind: end, transaction });
    }
    for (const move of change.moves) await this.#delegations.move(transaction, move, now);
    if (change.parts !== undefined) await this.#split(transaction, after, change, partIds);
    await this.#openDecideAndAddToLoads(transaction, before, after, decision);
    return after;
  }

  async #split(
    transaction: Transaction,
    whole: TaskAggregate,
    { parts: specs = [], actor }: Change,
    partIds: PartIds | undefined,
  ): Promise<void> {
    if (partIds === undefined) throw new TypeError('parts need ids');
    await this.#parts.insert(transaction, { whole, specs, actor, delegationIdOf: partIds.delegationIdOf });
  }

  /** The last statement of a write, because the load of one instance is changed with many tasks (lock order). */
  async #openDecideAndAddToLoads(
    transaction: Transaction,
    before: TaskAggregate,
    after: TaskAggregate,
    decision: DecisionToCreate | null,
  ): Promise<void> {
    const changes = loadChanges(before, after);
    const added = (['instanceId', 'busy', 'direct', 'offeredAt'] as const).map((key) =>
      changes.map((each) => each[key]),
    );
    const opened = after.delegations[before.delegations.length];
    if (opened === undefined && decision === null && changes.length === 0) return;
    const bind = [
      ...added,
      ...(opened === undefined ? [] : openedValues(opened)),
      ...(decision === null ? [] : decisionValues(decision)),
    ];
    await this.#models.sequelize.query(lastStatement(opened !== undefined, decision !== null), { bind, transaction });
  }

  /** Changes priority and times, with an event; under the row lock that `lock` took. */
  async patch(transaction: Transaction, before: LockedTask, patch: TaskPatch, event: EventToAppend): Promise<Task> {
    const { id } = before.task;
    const values = {
      ...(patch.priority !== undefined && { priority: patch.priority }),
      ...(patch.due_at !== undefined && { dueAt: timeOrNull(patch.due_at) }),
      ...(patch.not_before !== undefined && { notBefore: timeOrNull(patch.not_before) }),
      updatedAt: before.now,
    };
    const [, [row]] = await this.#models.Task.update(values, { where: { id }, transaction, returning: true });
    if (row === undefined) throw new DomainError('task_not_found', `no task ${id}`);
    await this.appendEvent(transaction, before, event);
    return toTask(row);
  }

  /** Adds an event that changes nothing, such as a command that came too late. */
  async appendEvent(transaction: Transaction, { task, now }: TaskAggregate, event: EventToAppend): Promise<void> {
    const bind = [task.id, event.type, now, actorJson(event.actor), event.commandId, JSON.stringify(event.data)];
    await this.#models.sequelize.query(APPEND_EVENT, { bind, transaction });
  }
}

function lastStatement(opens: boolean, decides: boolean): string {
  if (opens) return decides ? OPEN_DECIDE_AND_ADD_TO_LOADS : OPEN_AND_ADD_TO_LOADS;
  return decides ? DECIDE_AND_ADD_TO_LOADS : ADD_TO_LOADS;
}

function openedValues(opened: Delegation): unknown[] {
  const { id, taskId, hop, sourceInstanceId, targetInstanceId, delegationType, status } = opened;
  const { delegatedAt, acceptedAt, completedAt, expiresAt, decidedBy, notes } = opened;
  const who = [id, taskId, hop, sourceInstanceId, targetInstanceId, delegationType, status];
  return [...who, delegatedAt, acceptedAt, completedAt, expiresAt, decidedBy, notes];
}

function timeOrNull(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}

function actorJson({ name, role }: Actor): string {
  return JSON.stringify({ name, role });
}

function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
