import type { Door, LifeDone, Shape, WorkDoor } from './contender.ts';
import type { Watch } from './watch.ts';

/** A contender as a driver has it: a door, and a watch over its tasks. */
export interface Hands {
  readonly door: Door & Partial<WorkDoor>;
  readonly watch: Watch;
}

/** Takes one task from its submission to its end. */
export type Life = (hands: Hands) => Promise<LifeDone>;

const OFFERS = ['offer 0', 'offer 1'] as const;
export const PARTS = 20;

/** Two hops that are accepted by themselves, and a completion. */
export const acceptedByItself: Life = async ({ door, watch }) => {
  const taskId = await atRest({ door, watch }, 'auto');
  await door.complete(taskId);
  return { taskId, isSplit: false, parts: [] };
};

/** Two hops that are accepted from outside, and a completion. */
export const acceptedByHand: Life = async ({ door, watch }) => {
  const taskId = await door.submit('manual');
  for (const [hop, offer] of OFFERS.entries()) await door.accept(taskId, hop, await watch.until(taskId, offer));
  await watch.until(taskId, 'queued');
  await door.complete(taskId);
  return { taskId, isSplit: false, parts: [] };
};

/** Two hops, then a worker takes it and completes it. */
export const claimed: Life = async ({ door, watch }) => {
  const taskId = await atRest({ door, watch }, 'claimed');
  const work = await door.claim?.('bench', 0);
  if (work?.taskId !== taskId) throw new Error(`the queue gives another task than ${taskId}`);
  await door.finish?.(work);
  return { taskId, isSplit: false, parts: [] };
};

/** Two hops, then twenty parts, whose ends end it. */
export const inParts: Life = async ({ door, watch }) => {
  const taskId = await atRest({ door, watch }, 'split');
  await door.split(taskId, PARTS);
  const parts = await door.partsOf(taskId);
  const complete = async (part: string): Promise<void> => {
    await watch.until(part, 'queued');
    await door.complete(part);
  };
  await Promise.all(parts.map(complete));
  await watch.until(taskId, 'ended');
  return { taskId, isSplit: true, parts };
};

async function atRest({ door, watch }: Hands, shape: Shape): Promise<string> {
  const taskId = await door.submit(shape);
  await watch.until(taskId, 'queued');
  return taskId;
}
