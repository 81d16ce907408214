import { type TaskHandle, resultOf } from './bench.ts';

/** The handle of a workflow that has ended, and ended so. */
export async function ended(handle: TaskHandle, status: string): Promise<TaskHandle> {
  const outcome = await resultOf(handle);
  if (outcome.status !== status) throw new Error(`it ended ${outcome.status}, not ${status}`);
  return handle;
}
