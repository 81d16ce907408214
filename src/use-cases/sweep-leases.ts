import type { GiveBack } from './give-back.ts';
import type { Ports } from './ports.ts';

/** What a sweep did. */
export interface Swept {
  readonly expired: number;
  /** Tasks whose attempts are used up: their workflows have to say what becomes of them. */
  readonly exhausted: readonly string[];
  /** Queued tasks for which a slot is free at a push instance: their workflows have to take it (rule U2). */
  readonly pushable: readonly string[];
  /** True if the sweep came after a gap, and gave every open lease its time again. */
  readonly wasAway: boolean;
}

export type SweepLeases = (everySeconds: number) => Promise<Swept>;

const PAGE = 500;
/** A gap of so many intervals is our own outage, or a laptop's sleep. */
const GAPS = 3;

/** Ends the leases of workers that were not heard, by the database's clock (rule W5). */
export function createSweepLeases(ports: Ports, giveBack: GiveBack): SweepLeases {
  const { repositories } = ports;
  return async (everySeconds) => {
    const wasAway = await repositories.leases.wasAway(everySeconds * GAPS);
    const pushable = await pushableNow(ports);
    if (wasAway) return { expired: 0, exhausted: [], pushable, wasAway };
    const exhausted: string[] = [];
    let expired = 0;
    for (const lease of await repositories.leases.lapsed(PAGE)) {
      const answer = await giveBack.expire(lease);
      if (answer === 'exhausted') exhausted.push(lease.taskId);
      else expired += 1;
    }
    return { expired, exhausted, pushable, wasAway };
  };
}

async function pushableNow({ repositories, policyInForce }: Ports): Promise<readonly string[]> {
  const { policy } = await policyInForce(null);
  const slots = {
    project: policy.project.max_concurrent_tasks,
    orchestration: policy.orchestration.max_concurrent_tasks,
  };
  return repositories.leases.pushable(slots, PAGE);
}
