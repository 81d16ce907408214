import type { GiveBack } from './give-back.ts';
import type { Ports } from './ports.ts';

/** What a sweep did. */
export interface Swept {
  readonly expired: number;
  /** Tasks whose attempts are used up: their workflows have to say what becomes of them. */
  readonly exhausted: readonly string[];
  /** True if the sweep came after a gap, and gave every open lease its time again. */
  readonly wasAway: boolean;
}

export type SweepLeases = (everySeconds: number) => Promise<Swept>;

const PAGE = 500;
/** A gap of so many intervals is our own outage, or a laptop's sleep. */
const GAPS = 3;

/** Ends the leases of workers that were not heard, by the database's clock (rule W5). */
export function createSweepLeases({ repositories }: Ports, giveBack: GiveBack): SweepLeases {
  return async (everySeconds) => {
    if (await repositories.leases.wasAway(everySeconds * GAPS)) return { expired: 0, exhausted: [], wasAway: true };
    const exhausted: string[] = [];
    let expired = 0;
    for (const lease of await repositories.leases.lapsed(PAGE)) {
      const answer = await giveBack.expire(lease);
      if (answer === 'exhausted') exhausted.push(lease.taskId);
      else expired += 1;
    }
    return { expired, exhausted, wasAway: false };
  };
}
