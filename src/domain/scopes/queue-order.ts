import type { QueueOrdering } from './scope-behavior.ts';

/**
 * How tasks wait: `aging` is the standard, priority and age weighed against each other; `age` the oldest first;
 * `priority` the most urgent first, however long the others have waited (rules W1 and O3).
 */
export type QueueOrder = 'aging' | 'age' | 'priority';

/** The order that an ordering asks for; where it names one part only, the other decides among equals. */
export function queueOrderOf({ by }: QueueOrdering): QueueOrder {
  if (by[0] === 'age') return 'age';
  return by.includes('age') ? 'aging' : 'priority';
}
