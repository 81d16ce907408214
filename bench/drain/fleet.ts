import { randomUUID } from 'node:crypto';
import { ADMIN } from '../../src/domain/actor.ts';
import type { InstanceConfig } from '../../src/domain/instance.schema.ts';
import type { Scope } from '../../src/domain/instance.ts';
import { TaskCreate } from '../../src/domain/task.schema.ts';
import type { HopperService, RequestContext } from '../../src/service/hopper-service.ts';

const SUBMITTED_AT_ONCE = 32;

export const by = (): RequestContext => ({ actor: ADMIN, requestId: randomUUID() });

/** Creates and starts an instance. */
export async function plant(
  { instances }: HopperService,
  name: string,
  scope: Scope,
  parentId: string | null,
  config: InstanceConfig = {},
): Promise<string> {
  const { id } = await instances.create({ name, scope, parent_id: parentId, config }, by());
  await instances.move(id, 'start', by());
  return id;
}

/** Submits so many tasks, many at once. */
export async function submitMany({ tasks }: HopperService, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index).values();
  const runner = async (): Promise<void> => {
    for (const number of numbers) await tasks.submit(TaskCreate.parse({ title: `task ${String(number)}` }), by());
  };
  await Promise.all(Array.from({ length: SUBMITTED_AT_ONCE }, runner));
}

/** Takes so many tasks in the name of one worker. */
export async function claimMany({ leases }: HopperService, instanceId: string, count: number): Promise<void> {
  const never = new AbortController().signal;
  for (let at = 0; at < count; at += 1) {
    const body = { worker_id: `worker ${String(at)}`, wait_seconds: 0, subtree: false };
    const claimed = await leases.claim(instanceId, body, by(), never);
    if (claimed === null) throw new Error('nothing to claim');
  }
}

/** Looks four times a second until it holds. */
export async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 250));
}
