import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { ADMIN } from '../../src/domain/actor.ts';
import { DomainError, type ErrorCode } from '../../src/domain/errors.ts';
import { DecomposeBody } from '../../src/domain/parts/part.schema.ts';
import { TaskCreate, TaskQuery } from '../../src/domain/task.schema.ts';
import type { HopperService, RequestContext } from '../../src/service/hopper-service.ts';
import type { Door, Shape, WorkDoor } from './contender.ts';
import { post, posted } from './http-calls.ts';

const REPEATS = 3;
const PASSING: readonly ErrorCode[] = ['temporal_unavailable', 'database_unavailable'];

/** Through the service, in the process of the benchmark. */
export function serviceDoor(service: HopperService): Door {
  const { tasks, delegations } = service;
  return {
    submit: async (shape) => {
      const task = TaskCreate.parse({ id: v7(), ...bodyOf(shape) });
      await patiently((context) => tasks.submit(task, context));
      return task.id ?? '';
    },
    accept: (_taskId, _hop, offer) => patiently((context) => delegations.accept(offer, null, context)),
    complete: (taskId) =>
      patiently((context) => tasks.command(taskId, { kind: 'complete', result: { ok: true } }, context)),
    split: (taskId, count) => {
      const { parts, join } = DecomposeBody.parse({
        parts: Array.from({ length: count }, () => ({ title: 'a part' })),
      });
      return patiently((context) => tasks.command(taskId, { kind: 'decompose', parts, join }, context));
    },
    partsOf: async (taskId) => {
      const { items } = await tasks.list(TaskQuery.parse({ parent_task_id: taskId, limit: 200 }));
      return items.map(({ id }) => id);
    },
  };
}

/** Over HTTP, as clients and workers that are programs use it. */
export function httpDoor(url: string, claimFrom: string, service: Door): Door & WorkDoor {
  const api = `${url}/api/v1`;
  return {
    submit: async (shape) => (await posted<{ id: string }>(`${api}/tasks`, { id: v7(), ...bodyOf(shape) })).id,
    accept: (_taskId, _hop, offer) => posted(`${api}/delegations/${offer}/accept`, {}),
    complete: (taskId) => posted(`${api}/tasks/${taskId}/complete`, { result: { ok: true } }),
    split: (taskId, count) => service.split(taskId, count),
    partsOf: (taskId) => service.partsOf(taskId),
    claim: async (worker, waitSeconds) => {
      const body = { worker_id: worker, wait_seconds: waitSeconds };
      const claimed = await post<ClaimAnswer>(`${api}/instances/${claimFrom}/claim`, body);
      return claimed === null ? null : { taskId: claimed.task.id, lease: claimed.lease };
    },
    finish: async ({ lease }) => {
      if (lease === null) throw new Error('a task of Hopper is claimed with a lease');
      const headers = { 'hopper-lease-token': lease.token };
      await post(`${api}/leases/${lease.id}/complete`, { result: { ok: true } }, headers);
    },
  };
}

interface ClaimAnswer {
  readonly task: { readonly id: string };
  readonly lease: { readonly id: string; readonly token: string };
}

/** On a machine that has other work a command may take longer than the service waits: it is repeated under its key. */
async function patiently(command: (context: RequestContext) => Promise<unknown>): Promise<void> {
  const context: RequestContext = { actor: ADMIN, requestId: randomUUID() };
  for (let left = REPEATS; ; left -= 1) {
    try {
      await command(context);
      return;
    } catch (error) {
      const isPassing = error instanceof DomainError && PASSING.includes(error.code);
      if (left === 0 || !isPassing) throw error;
    }
  }
}

/** Two hops: the tags name the project and make the task complex enough for an orchestration. */
function bodyOf(shape: Shape) {
  const project = shape === 'manual' ? 'manual' : 'auto';
  return { title: 'a task', tags: [project, 'complex', 'multi-step'], estimated_duration: 240 };
}
