import type { Floor } from '../floor/floor.ts';
import type { Door, Shape, WorkDoor } from './contender.ts';
import { post, posted } from './http-calls.ts';

/** Through the floor’s own client, in the process of the benchmark. */
export function floorDoor(floor: Floor, isBare: boolean): Door {
  return {
    submit: (shape) => floor.submit(wishFor(shape, isBare)),
    accept: (taskId, hop) => floor.accept(taskId, hop),
    complete: (taskId) => floor.complete(taskId),
    split: (taskId, parts) => floor.split(taskId, parts),
    partsOf: () => Promise.resolve([]), // they end by themselves
  };
}

/** Over the floor’s minimal HTTP. */
export function floorHttpDoor(url: string, direct: Door, isBare: boolean): Door & WorkDoor {
  return {
    submit: async (shape) => (await posted<{ id: string }>(`${url}/tasks`, wishFor(shape, isBare))).id,
    accept: (taskId, hop) => posted(`${url}/tasks/${taskId}/accept`, { hop }),
    complete: (taskId) => posted(`${url}/tasks/${taskId}/complete`, {}),
    split: (taskId, parts) => direct.split(taskId, parts),
    partsOf: (taskId) => direct.partsOf(taskId),
    claim: async (worker, waitSeconds) => {
      const claimed = await post<{ id: string }>(`${url}/claim`, { worker, waitMs: waitSeconds * 1_000 });
      return claimed === null ? null : { taskId: claimed.id, lease: null };
    },
    finish: ({ taskId }) => posted(`${url}/tasks/${taskId}/complete`, {}),
  };
}

const wishFor = (shape: Shape, isBare: boolean) => ({
  isManual: shape === 'manual',
  isClaimed: shape === 'claimed',
  isBare,
});
