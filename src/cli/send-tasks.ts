import { v7 as uuidv7 } from 'uuid';
import type { HopperClient } from '../client/hopper-client.ts';
import type { TaskResponse } from '../domain/task.schema.ts';
import type { TaskLine } from './task-lines.ts';

const AT_ONCE = 4;

/** What became of each line, in the order of the lines. */
export interface Sent {
  readonly tasks: readonly TaskResponse[];
  readonly unsent: readonly number[];
  readonly error: unknown;
}

/** Submits tasks, a few at once; after the first failure no other is begun. Ids are made first, so that they sort as the lines do. */
export async function sendTasks(
  client: HopperClient,
  lines: readonly TaskLine[],
  onSent: (task: TaskResponse) => void,
): Promise<Sent> {
  const waiting = lines.map(({ line, task }) => ({ line, task: { ...task, id: task.id ?? uuidv7() } }));
  const done = new Map<number, TaskResponse>();
  let failure: { error: unknown } | undefined;
  const sender = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && failure === undefined; next = waiting.shift()) {
      try {
        const task = await client.tasks.submit(next.task);
        done.set(next.line, task);
        onSent(task);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return {
    tasks: lines.flatMap(({ line }) => done.get(line) ?? []),
    unsent: lines.map(({ line }) => line).filter((line) => !done.has(line)),
    error: failure?.error,
  };
}
