import type { Transaction } from 'sequelize';
import type { Actor } from '../../domain/actor.ts';
import { type Change, evolve } from '../../domain/change.ts';
import { DomainError } from '../../domain/errors.ts';
import type { ChainLink, PlaceRef } from '../../domain/chain.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { TaskAggregate } from '../../domain/task-aggregate.ts';
import type { TaskPatch } from '../../domain/task.schema.ts';
import type { Task } from '../../domain/task.ts';
import type { Instance } from '../../domain/instance.ts';
import { type LockMode, inLockOrder } from '../database.ts';
import { type InstanceJson, ofJson, toInstance } from '../models/instance.model.ts';
import type { Models } from '../models/models.ts';
import { type TaskRow, toTask } from '../models/task.model.ts';
import { type Prepared, rowsOf } from '../prepared.ts';
import type { DelegationRepository } from './delegation.repository.ts';
import type { PartRepository } from './part.repository.ts';
import type { DecisionToCreate } from './decision.repository.ts';
import { type LockedRow, lockedTask } from './locked-row.ts';
import {
  APPEND_EVENT,
  LOCK_TASK,
  READ_CLOCK,
  WAS_DELETED,
  insertSql,
  readLockedSql,
  readSql,
  readWithHolderSql,
} from './task-statements.ts';
import type { Written } from './write-statement.ts';
import { actorJson, writeOf } from './write-of-change.ts';

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
  /** The instances that were locked with it, as they stand now. */
  readonly around: readonly InstanceAround[];
  /** The instance that holds the task. */
  readonly holder: InstanceAround;
  /** The policy in force; null where none was published yet. */
  readonly policyHash: string | null;
}

/** The instances that are locked before a task is, and whether alone. */
export interface LocksAround {
  readonly instanceIds: readonly string[];
  readonly mode?: LockMode;
}

/** What of an instance a decision rests on. */
export type InstanceAround = Pick<Instance, 'id' | 'name' | 'scope' | 'status' | 'config'>;

export interface TaskWithHolder {
  readonly task: Task;
  readonly holder: Instance;
  readonly policyHash: string | null;
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
  readonly #read: Prepared;
  readonly #readLocked: Prepared;
  readonly #readWithHolder: Prepared;
  readonly #insert: Prepared;

  constructor(models: Models, delegations: DelegationRepository, parts: PartRepository) {
    this.#models = models;
    this.#delegations = delegations;
    this.#parts = parts;
    this.#read = readSql(models);
    this.#readLocked = readLockedSql(models);
    this.#readWithHolder = readWithHolderSql(models);
    this.#insert = insertSql(models);
  }

  async get(transaction: Transaction | null, id: string): Promise<Task | null> {
    const [row] = await this.#ask<TaskRow>(transaction, this.#read, [id]);
    return row === undefined ? null : toTask(row);
  }

  /** The time by the database's clock, which is the only one that counts. */
  async now(transaction: Transaction | null): Promise<Date> {
    const [row] = await this.#ask<{ now: Date }>(transaction, READ_CLOCK, []);
    if (row === undefined) throw new TypeError('a clock without a row');
    return row.now;
  }

  async submissionHash(transaction: Transaction | null, id: string): Promise<string | null> {
    const row = await this.#models.Task.findByPk(id, { attributes: ['submissionHash'], transaction });
    return row?.submissionHash ?? null;
  }

  /** True if the task was deleted; nothing resurrects it. */
  async wasDeleted(id: string): Promise<boolean> {
    return (await this.#ask(null, WAS_DELETED, [id])).length > 0;
  }

  /** Inserts the task if it is absent, in one statement; null means that it was there, or was deleted. */
  async insert(
    transaction: Transaction | null,
    task: TaskToInsert,
    actor: Actor,
    detail: JsonObject,
  ): Promise<Task | null> {
    const values: unknown[] = [
      ...[task.id, task.title, task.description, task.tags, task.priority, task.estimatedDuration],
      ...[JSON.stringify(task.metadata), task.requester, task.externalRef, task.dueAt, task.notBefore],
      ...[task.entryInstanceId, task.submissionHash, actorJson(actor), JSON.stringify(detail)],
      task.retryOf ?? null,
    ];
    const [row] = await this.#ask<TaskRow>(transaction, this.#insert, values);
    return row === undefined ? null : toTask(row);
  }

  /** A task with the instance that holds it. */
  async getWithHolder(transaction: Transaction | null, id: string): Promise<TaskWithHolder | null> {
    type Row = TaskRow & { readonly holder: InstanceJson; readonly policyHash: string | null };
    const [row] = await this.#ask<Row>(transaction, this.#readWithHolder, [id]);
    if (row === undefined) return null;
    return { task: toTask(row), holder: toInstance(ofJson(row.holder)), policyHash: row.policyHash };
  }

  /** Locks the instances, then the row; what it answers of the task stays true until the transaction ends. */
  async lock(
    transaction: Transaction,
    id: string,
    commandId: string,
    { instanceIds, mode = 'shared' }: LocksAround = { instanceIds: [] },
  ): Promise<LockedTask | null> {
    const locking = this.#ask(transaction, LOCK_TASK, [id, inLockOrder(instanceIds), mode === 'exclusive']);
    const reading = this.#ask<LockedRow>(transaction, this.#readLocked, [id, commandId, instanceIds]); // sent after it
    const [, [row]] = await Promise.all([locking, reading]);
    return row === undefined ? null : lockedTask(row);
  }

  /** Writes a change with its event; under the row lock that `lock` took. */
  async write(
    transaction: Transaction,
    { before, change, commandId, delegationId, partIds, decision = null }: ChangeToWrite,
  ): Promise<TaskAggregate> {
    const after = evolve(before, change, delegationId, partIds?.partIdOf);
    if (change.parts !== undefined) await this.#split(transaction, after, change, partIds);
    const write = writeOf({ before, after, change, commandId, delegationId, decision });
    await this.#delegations.moveAll(transaction, write.movesBefore, after.now);
    const [written] = await this.#ask<Written>(transaction, write.statement, write.values);
    if (written?.told !== 1) {
      throw new DomainError('task_conflict', `task is ${before.task.status}: it cannot become ${after.task.status}`);
    }
    await this.#delegations.refuseUnmoved(transaction, write.movesWithIt, written.moved);
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
    const values = [task.id, event.type, now, actorJson(event.actor), event.commandId, JSON.stringify(event.data)];
    await this.#ask(transaction, APPEND_EVENT, values);
  }

  #ask<Row extends object>(
    transaction: Transaction | null,
    statement: Prepared,
    values: readonly unknown[],
  ): Promise<Row[]> {
    return rowsOf<Row>(this.#models.sequelize, transaction, statement, values);
  }
}

function timeOrNull(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}
