import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  defineUpdate,
  executeChild,
  proxyLocalActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Body, FloorSteps } from './steps.ts';

/** What a task of the floor goes through; there is nothing to decide about its way. */
export interface FloorTask {
  readonly id: string;
  /** Each hop is offered, and accepted from outside. */
  readonly isManual: boolean;
  /** It ends up in the queue from which workers claim. */
  readonly isClaimed: boolean;
  /** Without timers and without search attributes. */
  readonly isBare: boolean;
}

export const acceptUpdate = defineUpdate<null, [hop: number, body: Body]>('accept');
export const completeUpdate = defineUpdate<null, [body: Body]>('complete');
export const splitUpdate = defineUpdate<null, [parts: number, body: Body]>('split');

const HOPS = 2;
const OFFER_MS = 900_000;
const FLOOR: Body = { by: 'floor' };

const PHASE = defineSearchAttributeKey('HopperPhase', SearchAttributeType.KEYWORD);
const SCOPE = defineSearchAttributeKey('HopperScope', SearchAttributeType.KEYWORD);
const INSTANCE = defineSearchAttributeKey('HopperInstance', SearchAttributeType.KEYWORD);
const PROJECT = defineSearchAttributeKey('HopperProject', SearchAttributeType.KEYWORD);
const TAGS = defineSearchAttributeKey('HopperTags', SearchAttributeType.KEYWORD_LIST);
const HOPS_MADE = defineSearchAttributeKey('HopperHops', SearchAttributeType.INT);
const STEP = defineSearchAttributeKey('HopperStep', SearchAttributeType.INT);

const steps = proxyLocalActivities<FloorSteps>({
  startToCloseTimeout: '15 seconds',
  localRetryThreshold: '5 seconds',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '60 seconds' },
});

/** Two hops, then a completion from outside, or parts that end it. */
export async function floorTask({ id, isManual, isClaimed, isBare }: FloorTask): Promise<void> {
  let accepted = 0;
  let parts = 0;
  let isEnded = false;
  const show = (phase: string, step: number): void => {
    if (!isBare) publish(phase, accepted, step);
  };
  setHandler(acceptUpdate, async (hop: number, body: Body) => {
    if (!isManual || hop !== accepted) throw ApplicationFailure.nonRetryable(`hop ${String(hop)} is not offered`);
    const isLast = hop + 1 === HOPS;
    await steps.record(id, [`accepted ${String(hop)}`, isLast ? 'queued' : `offer ${String(hop + 1)}`], body);
    accepted = hop + 1;
    return null;
  });
  setHandler(completeUpdate, async (body: Body) => {
    await steps.record(id, ['ended'], body);
    isEnded = true;
    return null;
  });
  setHandler(splitUpdate, async (count: number, body: Body) => {
    await steps.recordParts(id, count, body);
    parts = count;
    return null;
  });
  if (isManual) {
    await steps.record(id, ['offer 0'], FLOOR);
    for (let hop = 0; hop < HOPS; hop += 1) {
      show('offered', hop * 2 + 1);
      await untilAccepted(() => accepted > hop, isBare);
    }
  } else {
    for (let hop = 0; hop < HOPS; hop += 1) await steps.record(id, [`hop ${String(hop)}`], FLOOR);
    await (isClaimed ? steps.enqueue(id) : steps.record(id, ['queued'], FLOOR));
  }
  show('at_work', HOPS + 1);
  await condition(() => isEnded || parts > 0);
  if (parts > 0) {
    show('waiting', HOPS + 2);
    await carryParts(id, parts, isBare);
    await steps.record(id, ['ended'], FLOOR);
  }
  show('done', HOPS + 3);
  await condition(allHandlersFinished);
}

/** One part: its row is all that it does. */
export async function floorPart(taskId: string, no: number, isBare: boolean): Promise<void> {
  await steps.record(taskId, [`part ${String(no)} ended`], FLOOR);
  if (!isBare) publish('done', 0, 1);
}

async function untilAccepted(isAccepted: () => boolean, isBare: boolean): Promise<void> {
  if (isBare) return condition(isAccepted);
  if (!(await condition(isAccepted, OFFER_MS))) throw ApplicationFailure.nonRetryable('the offer expired');
}

async function carryParts(taskId: string, parts: number, isBare: boolean): Promise<void> {
  const { workflowId } = workflowInfo();
  const carry = (_: unknown, at: number): Promise<void> =>
    executeChild(floorPart, { workflowId: `${workflowId}/part/${String(at + 1)}`, args: [taskId, at + 1, isBare] });
  await Promise.all(Array.from({ length: parts }, carry));
}

function publish(phase: string, hops: number, step: number): void {
  upsertSearchAttributes([
    { key: PHASE, value: phase },
    { key: SCOPE, value: 'orchestration' },
    { key: INSTANCE, value: 'floor' },
    { key: PROJECT, value: 'floor' },
    { key: TAGS, value: ['auto', 'complex', 'multi-step'] },
    { key: HOPS_MADE, value: hops },
    { key: STEP, value: step },
  ]);
}
