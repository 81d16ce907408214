// A worker for a push instance: Hopper gives it each task as the activity `executeTask`. docs/workers.md has the rules.
//
//   node --import ./scripts/typescript-loader.mjs examples/push-worker-typescript/worker.ts agents
//
// `agents` is the task queue that the instance names; TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE say where Temporal is.
import { ApplicationFailure, heartbeat, sleep } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';

/** What Hopper gives to a worker; the task has more fields. */
interface Push {
  readonly task: {
    readonly id: string;
    readonly description: string | null;
    readonly tags: readonly string[];
    readonly metadata: { readonly secondsPerWord?: number };
  };
  readonly attempt: number;
}

/** Counts the words of a task's description. What it returns is the task's result. */
async function executeTask({ task, attempt }: Push): Promise<{ words: number; attempt: number }> {
  const words = task.description?.match(/\S+/g) ?? [];
  if (words.length === 0) throw ApplicationFailure.nonRetryable('there is nothing to count'); // fails for good
  if (task.tags.includes('flaky') && attempt === 1) throw new Error('not at the first attempt'); // is tried again
  try {
    for (const word of words) {
      heartbeat(word); // says that it lives, and hears whether the task was cancelled or taken away
      await sleep((task.metadata.secondsPerWord ?? 0) * 1_000);
    }
  } catch (error) {
    if (error instanceof CancelledFailure) say(`cancelled ${task.id}`);
    throw error;
  }
  say(`done ${task.id}`);
  return { words: words.length, attempt };
}

const [taskQueue = 'agents'] = process.argv.slice(2);
const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '127.0.0.1:7233' });
const namespace = process.env['TEMPORAL_NAMESPACE'] ?? 'default';
const worker = await Worker.create({ connection, namespace, taskQueue, activities: { executeTask } });
say(`works on ${taskQueue}`);
await worker.run(); // until Ctrl-C
await connection.close();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
