import { QueryTypes, type Transaction, literal } from 'sequelize';
import type { Actor } from '../../domain/actor.ts';
import type { Change } from '../../domain/change.ts';
import { evolve } from '../../domain/change.ts';
import type { ChainLink, InstanceRef } from '../../domain/chain.ts';
import { DomainError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import { TASK_STATUSES, type Task, canTaskMove } from '../../domain/task.ts';
import type { TaskAggregate } from '../../domain/task-aggregate.ts';
import type { TaskPatch } from '../../domain/task.schema.ts';
import type { Models } from '../models/models.ts';
import { toTask } from '../models/task.model.ts';
import { changeData } from './change-data.ts';
import type { DelegationRepository } from './delegation.repository.ts';

/** A task to be stored for the first time. */
export type TaskToInsert = Pick<
  Task,
  | 'id'
  | 'title'
  | 'description'
  | 'tags'
  | 'priority'
  | 'estimatedDuration'
  | 'metadata'
  | 'requester'
  | 'externalRef'
  | 'dueAt'
  | 'notBefore'
  | 'entryInstanceId'
> & { readonly submissionHash: string };

/** A task under its row lock, its chain, and whether the command at hand is on record already (law 3). */
export interface LockedTask extends TaskAggregate {
  readonly delegations: readonly ChainLink[];
  readonly isKnownCommand: boolean;
  readonly entryInstance: InstanceRef;
  readonly lastReason: string | null;
}

/** A change, and by which command it came. */
export interface ChangeToWrite {
  readonly before: TaskAggregate;
  readonly change: Change;
  readonly commandId: string;
  readonly delegationId: string;
}

export type TaskRepository = ReturnType<typeof createTaskRepository>;

const INSERT_TASK_WITH_EVENT = `
  WITH inserted AS (
    INSERT INTO tasks (id, title, description, tags, priority, estimated_duration, metadata, requester, external_ref,
      due_at, not_before, entry_instance_id, instance_id, submission_hash, event_seq)
    VALUES ($1, $2, $3, $4, $5::taskpriority, $6, $7, $8, $9, $10, $11, $12, $12, $13, 1)
    ON CONFLICT (id) DO NOTHING RETURNING id
  )
  INSERT INTO task_events (task_id, seq, type, actor, data) SELECT id, 1, 'task_submitted', $14, $15 FROM inserted
  RETURNING task_id`;

const UPDATE_TASK_WITH_EVENT = `
  WITH moved AS (
    UPDATE tasks SET status = $3::taskstatus, instance_id = $4, blocked_on = $5, exclusions = $6, result = $7,
      failure = $8, finished_by = $9, finished_at = $10, updated_at = $11, step = step + 1, event_seq = event_seq + 1
    WHERE id = $1 AND step = $2 AND status::text = ANY ($12::text[]) RETURNING id, event_seq
  )
  INSERT INTO task_events (task_id, seq, type, at, actor, command_id, data)
  SELECT id, event_seq, $13, $11, $14, $15, $16 FROM moved RETURNING seq`;

const APPEND_EVENT = `
  WITH moved AS (UPDATE tasks SET event_seq = event_seq + 1 WHERE id = $1 RETURNING id, event_seq)
  INSERT INTO task_events (task_id, seq, type, actor, command_id, data)
  SELECT id, event_seq, $2, $3, $4, $5 FROM moved`;

/** Tasks as aggregates: loaded under their row lock, changed in one statement with their event. */
export function createTaskRepository({ sequelize, Task }: Models, delegations: DelegationRepository) {
  const append = async (transaction: Transaction, taskId: string, event: EventToAppend): Promise<void> => {
    const bind = [taskId, event.type, actorJson(event.actor), event.commandId, JSON.stringify(event.data)];
    await sequelize.query(APPEND_EVENT, { bind, transaction });
  };

  return {
    async get(transaction: Transaction | null, id: string): Promise<Task | null> {
      const row = await Task.findByPk(id, { transaction });
      return row === null ? null : toTask(row);
    },

    async submissionHash(transaction: Transaction | null, id: string): Promise<string | null> {
      const row = await Task.findByPk(id, { attributes: ['submissionHash'], transaction });
      return row?.submissionHash ?? null;
    },

    /** True if the task was deleted; nothing resurrects it. */
    async wasDeleted(id: string): Promise<boolean> {
      const sql = "SELECT FROM task_events WHERE task_id = $1 AND type = 'deleted'";
      return (await sequelize.query(sql, { bind: [id], type: QueryTypes.SELECT })).length > 0;
    },

    /** Inserts the task if it is absent; false means that it was there. */
    async insert(transaction: Transaction, task: TaskToInsert, actor: Actor, detail: JsonObject): Promise<boolean> {
      const bind: unknown[] = [
        ...[task.id, task.title, task.description, task.tags, task.priority, task.estimatedDuration],
        ...[JSON.stringify(task.metadata), task.requester, task.externalRef, task.dueAt, task.notBefore],
        ...[task.entryInstanceId, task.submissionHash, actorJson(actor), JSON.stringify(detail)],
      ];
      const rows = await sequelize.query(INSERT_TASK_WITH_EVENT, { bind, transaction, type: QueryTypes.SELECT });
      return rows.length === 1;
    },

    /** Locks the row; what it answers stays true until the transaction ends. */
    async lock(transaction: Transaction, id: string, commandId: string): Promise<LockedTask | null> {
      const command = sequelize.escape(commandId);
      const known = `EXISTS (SELECT FROM task_events e WHERE e.task_id = "Task"."id" AND e.command_id = ${command})`;
      const entry = `(SELECT json_build_object('id', i.id, 'name', i.name, 'scope', i.scope)
        FROM hopper_instances i WHERE i.id = "Task"."entry_instance_id")`;
      const reason = '(SELECT d.reason FROM routing_decisions d WHERE d.task_id = "Task"."id" ORDER BY d.step DESC LIMIT 1)';
      const clock = "date_trunc('milliseconds', clock_timestamp())";
      const include: [ReturnType<typeof literal>, string][] = [
        [literal(clock), 'now'],
        [literal(known), 'isKnown'],
        [literal(entry), 'entry'],
        [literal(reason), 'lastReason'],
      ];
      const row = await Task.findByPk(id, { attributes: { include }, lock: true, transaction });
      if (row === null) return null;
      const extra = row as { get(key: string): unknown };
      return {
        task: toTask(row),
        delegations: await delegations.getDelegationChain(transaction, id),
        now: extra.get('now') as Date,
        isKnownCommand: extra.get('isKnown') === true,
        entryInstance: extra.get('entry') as InstanceRef,
        lastReason: extra.get('lastReason') as string | null,
      };
    },

    /** Writes a change with its event; under the row lock that `lock` took. */
    async write(transaction: Transaction, { before, change, commandId, delegationId }: ChangeToWrite): Promise<TaskAggregate> {
      const after = evolve(before, change, delegationId);
      const { task, now } = after;
      const from = TASK_STATUSES.filter((status) => canTaskMove(status, task.status));
      const bind: unknown[] = [
        ...[task.id, before.task.step, task.status, task.instanceId, task.blockedOn],
        ...[JSON.stringify(task.exclusions), jsonOrNull(task.result), jsonOrNull(task.failure)],
        ...[task.finishedBy, task.finishedAt, now, from, change.type, actorJson(change.actor), commandId],
        JSON.stringify(changeData(change, after, delegationId)),
      ];
      const written = await sequelize.query(UPDATE_TASK_WITH_EVENT, { bind, transaction, type: QueryTypes.SELECT });
      if (written.length !== 1) {
        throw new DomainError('task_conflict', `task is ${before.task.status}: it cannot become ${task.status}`);
      }
      for (const move of change.moves) await delegations.move(transaction, move, now);
      if (change.opened !== null) {
        await delegations.create(transaction, { ...change.opened, id: delegationId, taskId: task.id }, now);
      }
      return after;
    },

    /** Changes priority and times, with an event; the caller holds the row lock. */
    async patch(transaction: Transaction, id: string, patch: TaskPatch, event: EventToAppend): Promise<Task> {
      const values = {
        ...(patch.priority !== undefined && { priority: patch.priority }),
        ...(patch.due_at !== undefined && { dueAt: timeOrNull(patch.due_at) }),
        ...(patch.not_before !== undefined && { notBefore: timeOrNull(patch.not_before) }),
      };
      const [, [row]] = await Task.update({ ...values, updatedAt: new Date() }, { where: { id }, transaction, returning: true });
      if (row === undefined) throw new DomainError('task_not_found', `no task ${id}`);
      await append(transaction, id, event);
      return toTask(row);
    },

    /** Adds an event that changes nothing, such as a command that came too late. */
    appendEvent: append,
  };
}

export interface EventToAppend {
  readonly type: Change['type'];
  readonly actor: Actor;
  readonly commandId: string;
  readonly data: JsonObject;
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
