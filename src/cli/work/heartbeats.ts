import type { ClaimResponse } from '../../domain/lease.schema.ts';
import { pause } from './pause.ts';
import type { PatientClient } from './patient-client.ts';

/** A lost lease, a cancelled task among them, is noticed by the next heartbeat: no later than this. */
const LONGEST_PAUSE_SECONDS = 10;

/** The heartbeats of one lease, until they are stopped or the lease is lost. */
export interface Heartbeats {
  /** Comes when the lease is lost; its reason is why, in words. */
  readonly lost: AbortSignal;
  stop(): void;
}

/** Says again and again that the work goes on; an API that is away is no reason to stop it. */
export function startHeartbeats(
  client: PatientClient,
  { id, token, heartbeat_seconds: seconds }: ClaimResponse['lease'],
  onHeard: () => void,
): Heartbeats {
  const lost = new AbortController();
  const over = new AbortController();
  const everyMs = Math.min(seconds, LONGEST_PAUSE_SECONDS) * 1_000;
  const beat = async (): Promise<void> => {
    for (;;) {
      await pause(everyMs, over.signal);
      if (over.signal.aborted) return;
      await client.call(({ leases }, options) => leases.heartbeat(id, token, {}, options), over.signal);
      onHeard();
    }
  };
  beat().catch((error: unknown) => {
    if (!over.signal.aborted) lost.abort(error instanceof Error ? error.message : String(error));
  });
  return {
    lost: lost.signal,
    stop: () => {
      over.abort();
    },
  };
}
