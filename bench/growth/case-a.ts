import { setTimeout as sleep } from 'node:timers/promises';
import { QueryTypes, type Sequelize } from 'sequelize';
import { TaskCreate } from '../../src/domain/task.schema.ts';
import type { HopperService } from '../../src/service/hopper-service.ts';
import { by } from '../drain/fleet.ts';
import { WORK } from './tree.ts';

/** A load of whole lives: submit, two hops that accept by themselves, complete. */
export interface Load {
  readonly seconds: number;
  readonly atOnce: number;
  readonly stopping: AbortSignal;
}

const QUEUED = "SELECT id FROM tasks WHERE id = ANY ($1::uuid[]) AND status = 'queued'";
const LOOK_EVERY_MS = 20;
/** Until the last task is queued, of a load that is over: a worker that has ended would never get there. */
const PATIENCE_MS = 300_000;

/** Keeps so many tasks under way for so long; how many were completed in a second. */
export async function completedPerSecond(service: HopperService, database: Sequelize, load: Load): Promise<number> {
  const arrivals = new Arrivals(database);
  const body = { title: WORK.title, tags: [...WORK.tags], estimated_duration: WORK.estimatedDuration };
  const began = performance.now();
  const until = began + load.seconds * 1_000;
  let completed = 0;
  const runner = async (): Promise<void> => {
    while (performance.now() < until && !load.stopping.aborted && !arrivals.hasEnded()) {
      const { task } = await service.tasks.submit(TaskCreate.parse(body), by());
      await arrivals.of(task.id);
      if (arrivals.hasEnded()) return;
      await service.tasks.command(task.id, { kind: 'complete', result: { done: true } }, by());
      completed += 1;
    }
  };
  const failures: unknown[] = [];
  const stopAll = (error: unknown): void => {
    failures.push(error);
    arrivals.end();
  };
  const watching = arrivals.watch(until + PATIENCE_MS).catch(stopAll);
  // All of them have to be done, whatever happens to one: their connections are closed next.
  await Promise.all(Array.from({ length: load.atOnce }, () => runner().catch(stopAll)));
  const seconds = (performance.now() - began) / 1_000;
  arrivals.end();
  await watching;
  if (failures.length > 0) throw failures[0];
  return completed / seconds;
}

/** Tells when tasks are queued, by one statement for all that are waited for. */
class Arrivals {
  readonly #database: Sequelize;
  readonly #waiting = new Map<string, () => void>();
  #isOver = false;

  constructor(database: Sequelize) {
    this.#database = database;
  }

  /** Resolves also when all is over, for then nobody looks any more. */
  of(taskId: string): Promise<void> {
    return this.#isOver ? Promise.resolve() : new Promise((resolve) => this.#waiting.set(taskId, resolve));
  }

  hasEnded(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
    for (const resolve of this.#waiting.values()) resolve();
  }

  async watch(until: number): Promise<void> {
    while (!this.#isOver) {
      if (performance.now() > until)
        throw new Error(`the worker does not get ${String(this.#waiting.size)} tasks into their queues`);
      await sleep(LOOK_EVERY_MS);
      if (this.#waiting.size === 0) continue;
      const options = { bind: [[...this.#waiting.keys()]], type: QueryTypes.SELECT as const };
      for (const { id } of await this.#database.query<{ id: string }>(QUEUED, options)) {
        this.#waiting.get(id)?.();
        this.#waiting.delete(id);
      }
    }
  }
}
