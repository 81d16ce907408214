import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { HopperApiError } from '../../client/api-error.ts';
import type { ClaimBody, ClaimResponse } from '../../domain/lease.schema.ts';
import type { PatientClient } from './patient-client.ts';
import { pause } from './pause.ts';

/** Which work a worker takes. */
export interface Wish {
  readonly workerId: string;
  /** At least one. */
  readonly instanceIds: readonly string[];
  readonly skills: readonly string[];
  readonly subtree: boolean;
}

export interface ClaimNeeds {
  readonly client: PatientClient;
  readonly wish: Wish;
  /** No more claims. */
  readonly stop: AbortSignal;
  /** An instance hands out nothing just now, and why. */
  readonly onWaiting: (reason: string) => void;
}

const WAIT_SECONDS = 20;
const CLOSED_PAUSE_MS = 5_000;
const SHORTEST_POLL_MS = 1_000;
const LAST_LOOK_MS = 5_000;

/** The next task, however long it takes; null once the worker is to stop, and then nothing is left claimed. */
export async function claimNext(needs: ClaimNeeds): Promise<ClaimResponse | null> {
  while (!isOver(needs.stop)) {
    const requestId = randomUUID();
    try {
      const claimed = await pollOnce(needs, requestId);
      if (claimed === null) continue;
      if (!isOver(needs.stop)) return claimed;
      await giveBack(needs, claimed);
    } catch (error) {
      if (isOver(needs.stop)) await giveBackUnheard(needs, requestId);
      else if (isConflict(error, 'instance_conflict')) await waitForInstance(needs, error);
      else if (!isConflict(error, 'lease_conflict')) throw error; // the lease of a lost answer has ended: ask anew
    }
  }
  return null;
}

/** One long poll; a repeat after a broken connection has the same request id, so that a lost answer is found again. */
async function pollOnce({ client, wish, stop }: ClaimNeeds, requestId: string): Promise<ClaimResponse | null> {
  const began = performance.now();
  const claimed = await client.call(
    ({ instances }, options) => instances.claim(firstOf(wish), bodyOf(wish, requestId, WAIT_SECONDS), options),
    stop,
  );
  if (claimed === null) await pause(SHORTEST_POLL_MS - (performance.now() - began), stop);
  return claimed;
}

/** The poll was broken off: had the server answered it meanwhile, a task would be leased and nobody working on it. */
async function giveBackUnheard(needs: ClaimNeeds, requestId: string): Promise<void> {
  const { client, wish } = needs;
  const claimed = await client
    .call(
      ({ instances }, options) => instances.claim(firstOf(wish), bodyOf(wish, requestId, 0), options),
      AbortSignal.timeout(LAST_LOOK_MS),
      1,
    )
    .catch(() => null);
  if (claimed !== null) await giveBack(needs, claimed);
}

async function giveBack({ client }: ClaimNeeds, { lease: { id, token } }: ClaimResponse): Promise<void> {
  const reason = 'its worker stops';
  await client
    .call(({ leases }, options) => leases.release(id, token, { reason }, options), AbortSignal.timeout(LAST_LOOK_MS))
    .catch(() => null); // it expires
}

async function waitForInstance({ onWaiting, stop }: ClaimNeeds, error: HopperApiError): Promise<void> {
  onWaiting(error.detail);
  await pause(CLOSED_PAUSE_MS, stop);
}

function bodyOf(
  { workerId, instanceIds, skills, subtree }: Wish,
  requestId: string,
  waitSeconds: number,
): z.input<typeof ClaimBody> {
  return {
    worker_id: workerId,
    request_id: requestId,
    wait_seconds: waitSeconds,
    instance_ids: instanceIds.slice(1),
    subtree,
    ...(skills.length > 0 && { skills: [...skills] }),
  };
}

function firstOf({ instanceIds: [first = ''] }: Wish): string {
  return first;
}

/** Asked anew after each wait. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

function isConflict(error: unknown, code: string): error is HopperApiError {
  return error instanceof HopperApiError && error.code === code;
}
