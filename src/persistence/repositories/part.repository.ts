import { QueryTypes, type Transaction } from 'sequelize';
import type { Actor } from '../../domain/actor.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { PartEnd } from '../../domain/parts/collect-results.ts';
import type { PartSpec } from '../../domain/parts/part.ts';
import type { TaskAggregate } from '../../domain/task-aggregate.ts';
import type { Models } from '../models/models.ts';
import { INSERT_PARTS, PARTS_TO_START, PART_ENDS, RELEASE_PART } from './part-statements.ts';

/** A part that may begin, and its place among those that may. */
export interface PartToStart {
  readonly id: string;
  readonly title: string;
  readonly release: number;
  readonly isOpen: boolean;
}

/** The parts of a task that was just split, and the ids of their first hops. */
export interface PartsToInsert {
  readonly whole: TaskAggregate;
  readonly specs: readonly PartSpec[];
  readonly actor: Actor;
  readonly delegationIdOf: (partId: string) => string;
}

/** Parts, as rows beside the task that they are parts of; each is a task of its own. */
export class PartRepository {
  readonly #models: Models;

  constructor(models: Models) {
    this.#models = models;
  }

  /** Puts the parts on record, in the transaction that splits the task. */
  async insert(transaction: Transaction, { whole, specs, actor, delegationIdOf }: PartsToInsert): Promise<void> {
    const { task, parts, now } = whole;
    const releasedFirst = parts.filter((part) => part.isReleased).map((part) => part.id);
    const rows = parts.map((part) => {
      const spec = specs[part.no];
      if (spec === undefined) throw new TypeError(`part ${String(part.no)} was not asked for`);
      const row = {
        id: part.id,
        title: spec.title,
        description: spec.description,
        tags: spec.tags,
        priority: spec.priority ?? task.priority,
        estimated_duration: spec.estimatedDuration,
        metadata: spec.metadata,
        requester: task.requester,
        status: part.status,
        key: part.key,
        no: part.no,
        after: part.after,
        release: part.isReleased ? releasedFirst.indexOf(part.id) : null,
        delegation_id: delegationIdOf(part.id),
      };
      return { ...row, event: eventOf(row, whole, actor) };
    });
    const bind = [JSON.stringify(rows), task.id, task.instanceId, task.partDepth + 1, now, actor.name];
    const by = JSON.stringify({ name: actor.name, role: actor.role });
    await this.#models.sequelize.query(INSERT_PARTS, { bind: [...bind, by], transaction });
  }

  /** Gives a part its place among those that may begin. */
  async release(transaction: Transaction, partId: string, wholeId: string): Promise<void> {
    await this.#models.sequelize.query(RELEASE_PART, { bind: [partId, wholeId], transaction });
  }

  /** The next parts that may begin, from a place on. */
  toStart(wholeId: string, from: number, limit: number): Promise<readonly PartToStart[]> {
    const bind = [wholeId, from, limit];
    return this.#models.sequelize.query<PartToStart>(PARTS_TO_START, { bind, type: QueryTypes.SELECT });
  }

  /** How every part ended; read when none is open any more. */
  ends(transaction: Transaction, wholeId: string): Promise<readonly PartEnd[]> {
    return this.#models.sequelize.query<PartEnd>(PART_ENDS, { bind: [wholeId], transaction, type: QueryTypes.SELECT });
  }
}

interface PartRow {
  readonly title: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly priority: string;
  readonly estimated_duration: number | null;
  readonly metadata: JsonObject;
  readonly requester: string | null;
  readonly status: string;
  readonly key: string;
  readonly no: number;
  readonly after: readonly string[];
  readonly delegation_id: string;
}

/** Enough to make the rows of the part again (rule E2). */
function eventOf(row: PartRow, { task }: TaskAggregate, actor: Actor): JsonObject {
  const { title, description, tags, priority, metadata, requester } = row;
  return {
    step: 0,
    status: row.status,
    instance_id: task.instanceId,
    entry_instance_id: task.instanceId,
    task: { title, description, tags, priority, estimatedDuration: row.estimated_duration, metadata, requester },
    part: { parent_task_id: task.id, key: row.key, no: row.no, after: row.after, depth: task.partDepth + 1 },
    opened: {
      id: row.delegation_id,
      hop: 0,
      source_instance_id: task.instanceId,
      target_instance_id: task.instanceId,
      delegation_type: 'decompose',
      status: 'accepted',
      expires_at: null,
      decided_by: actor.name,
      notes: null,
    },
  };
}
