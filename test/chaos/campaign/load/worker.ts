import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimResponse } from '../../../../src/domain/lease.schema.ts';
import { isRefusal } from '../ground/patience.ts';
import type { Random } from '../random.ts';
import type { LoadNeeds } from './load.ts';

const PLACES = { named: 'fleet', beside: 'manual' } as const;
const WAIT_SECONDS = 1;
const REPEATED = 0.15;

/** Claims and works until the load is over, as a worker of a fleet does. */
export async function work(needs: LoadNeeds, name: string, over: AbortSignal): Promise<void> {
  const { hopper, ask, ledger, random } = needs;
  const [named, beside] = [hopper.idOf(PLACES.named), hopper.idOf(PLACES.beside)];
  for (let no = 1; !over.aborted; no += 1) {
    const body = {
      ...{ worker_id: name, request_id: `${name}/${String(no)}`, wait_seconds: WAIT_SECONDS },
      ...{ subtree: true, instance_ids: [beside] },
    };
    try {
      const claim = await ask(() => hopper.client.instances.claim(named, body));
      if (claim !== null) await attempt(needs, claim, random.fork(`${claim.task.id}/${String(claim.lease.attempt)}`));
    } catch (error) {
      // The answer to the claim was lost for so long that the lease has ended.
      if (!isRefusal(error, 'lease_conflict')) throw error;
      ledger.count('claims lost');
    }
  }
}

async function attempt(needs: LoadNeeds, { task, lease }: ClaimResponse, random: Random): Promise<void> {
  const { ledger, longestWorkMs } = needs;
  await sleep(random.between(0, longestWorkMs), undefined, { signal: needs.stopping });
  try {
    await finish(needs, { task, lease }, random);
  } catch (error) {
    if (!isRefusal(error, 'lease_conflict')) throw error;
    ledger.attempt(task, lease.id, 'lost');
  }
}

async function finish(needs: LoadNeeds, { task, lease }: ClaimResponse, random: Random): Promise<void> {
  const { ask, ledger } = needs;
  const { leases } = needs.hopper.client;
  const script = task.metadata['script'];
  if (script === 'fails' || (script === 'fails once' && lease.attempt === 1)) {
    await ask(() => leases.fail(lease.id, lease.token, { reason: 'so it is written' }));
    ledger.attempt(task, lease.id, 'failed');
    return;
  }
  if (script === 'splits') {
    const parts = Array.from({ length: random.between(2, 4) }, (_, at) => ({ title: `part ${String(at + 1)}` }));
    await ask(() => leases.decompose(lease.id, lease.token, { parts, join: 'all' }));
    ledger.attempt(task, lease.id, 'decomposed');
    ledger.split(task, parts.length);
    return;
  }
  const result = { by: lease.id, number: random.between(1, 1_000_000) };
  const complete = () => ask(() => leases.complete(lease.id, lease.token, { result }));
  await complete();
  ledger.attempt(task, lease.id, 'completed');
  ledger.result(task, result);
  if (random.chance(REPEATED)) await complete();
}
