import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskStatus } from '../../../../src/domain/task.ts';
import type { Ground } from '../scenario.ts';
import type { Hopper } from './hopper.ts';
import { patiently } from './patience.ts';

const LOOK_EVERY_MS = 500;
/** Tasks that go on by themselves, or whose worker has something to say. */
const MOVING: readonly TaskStatus[] = ['routing', 'in_progress', 'waiting', 'offered', 'queued', 'blocked'];
/** A workflow that has missed its task's last write is found within two rounds of the minute check. */
const SETTLE_MS = 150_000;

type Place = Pick<Ground, 'say' | 'stopping'>;

/** Waits until no task has one of these statuses (none is open, if none are named); says which are left when it takes too long. */
export async function untilNone(
  { client }: Pick<Hopper, 'client'>,
  { say, stopping }: Place,
  withinMs: number,
  statuses: readonly TaskStatus[] = MOVING,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  let saidAt = Date.now();
  for (;;) {
    const left = await patiently(() => firstOf(client, statuses), stopping);
    if (left === null) return;
    if (Date.now() > deadline) {
      const { items } = await client.tasks.list({ status: left.status, limit: 200 });
      const why = JSON.stringify(await client.tasks.explain(left.id));
      throw new Error(
        `${String(items.length)} tasks are still ${left.status} after ${String(withinMs / 1_000)} s, the first: ${why}`,
      );
    }
    if (Date.now() - saidAt > 15_000) {
      say(`waiting: task ${left.id} is ${left.status}`);
      saidAt = Date.now();
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: stopping });
  }
}

async function firstOf(client: Hopper['client'], statuses: readonly TaskStatus[]) {
  for (const status of statuses) {
    const { items } = await client.tasks.list({ status, limit: 1 });
    const [left] = items;
    if (left !== undefined) return { id: left.id, status };
  }
  return null;
}

/** The audit, repeated for as long as a check of Hopper's may take to repair what is left; throws what it still finds. */
export async function auditAtEnd(
  { client }: Pick<Hopper, 'client'>,
  { say, stopping }: Place,
): Promise<{ readonly audited: number; readonly findings: 0 }> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const { tasks, findings } = await client.audit.run();
    if (findings.length === 0) return { audited: tasks, findings: 0 };
    const words = findings.map(({ check, task_id, detail }) => `${check}: ${task_id ?? ''} ${detail}`);
    if (Date.now() > deadline)
      throw new Error(`the audit finds ${String(findings.length)} promises broken:\n${words.join('\n')}`);
    say(`the audit still finds ${String(findings.length)}, first: ${words[0] ?? ''}`);
    await sleep(5_000, undefined, { signal: stopping });
  }
}
