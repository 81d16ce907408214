import type { WorkDoor } from './contender.ts';
import type { Hands, Life } from './lives.ts';

/** A worker that finds nothing asks again after so long; its last look is over soon after the last task. */
const WAIT_SECONDS = 1;

export interface CrowdPlan {
  readonly tasks: number;
  /** So many tasks are open at once. */
  readonly concurrency: number;
}

/** What came of it: how long each task took, and when nobody asks for anything any more. */
export interface Crowd {
  readonly times: readonly number[];
  readonly atRest: Promise<unknown>;
}

/** Drives tasks through a life, each driver its next as soon as the one before has ended. */
export async function crowdOf(plan: CrowdPlan, hands: Hands, life: Life): Promise<Crowd> {
  return { times: await drivers(plan, () => life(hands)), atRest: Promise.resolve() };
}

/** Submits tasks that workers claim and complete; a task has ended when its worker has the answer to its completion. */
export async function workersOf(
  plan: CrowdPlan & { readonly workers: number },
  { door, work }: { readonly door: Hands['door']; readonly work: WorkDoor },
): Promise<Crowd> {
  const open = new Map<string, () => void>();
  const early = new Set<string>(); // ended before its driver had the answer to the submission
  const ended = (taskId: string): void => {
    const tell = open.get(taskId);
    if (tell === undefined) early.add(taskId);
    else tell();
  };
  let isOver = false;
  const worker = async (no: number): Promise<void> => {
    while (!isOver) {
      const claimed = await work.claim(`worker ${String(no)}`, WAIT_SECONDS);
      if (claimed === null) continue;
      await work.finish(claimed);
      ended(claimed.taskId);
    }
  };
  const workers = Promise.all(Array.from({ length: plan.workers }, (_, no) => worker(no)));
  const submitting = drivers(plan, async () => {
    const taskId = await door.submit('claimed');
    if (!early.delete(taskId)) await new Promise<void>((resolve) => open.set(taskId, resolve));
    open.delete(taskId);
  });
  const times = await Promise.race([submitting, workers.then(() => submitting)]);
  isOver = true;
  return { times, atRest: workers };
}

async function drivers({ tasks, concurrency }: CrowdPlan, one: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let begun = 0;
  const driver = async (): Promise<void> => {
    while (begun < tasks) {
      begun += 1;
      const from = performance.now();
      await one();
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, tasks) }, driver));
  return times;
}
