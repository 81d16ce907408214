import type { HopperClient } from '../../client/hopper-client.ts';
import type { TaskResponse } from '../../domain/task.schema.ts';
import type { CliContext } from '../context.ts';
import { allInstances } from '../instance-ref.ts';
import { namesOf, showMoved } from '../views/task-view.ts';

/** Carries out one move of a task and shows how the task stands after it. */
export async function moveTask(
  { client: connect, out }: CliContext,
  json: true | undefined,
  move: (client: HopperClient) => Promise<TaskResponse>,
): Promise<void> {
  const client = connect();
  const task = await move(client);
  if (json) out.json(task);
  else showMoved(out, task, namesOf(await allInstances(client)));
}
