import fc from 'fast-check';
import type { Command } from './command.ts';
import { ENTRIES, PLACES, WANTS, type Want } from './tree.ts';

const number = fc.nat({ max: 7 });
/** The last one, as a rule. */
const recent = fc.constantFrom(0, 0, 0, 1, 2);
const by = fc.constantFrom('ana', 'bob');
const likely = fc.constantFrom(true, true, true, false);
const priority = fc.constantFrom('medium', 'urgent', 'low');
const worker = fc.constantFrom('w1', 'w2');
const seldom = fc.constantFrom(false, false, false, true);
const at = fc.constantFrom(...PLACES, ...PLACES.slice(1), ...PLACES.slice(1));

const kind = <Kind extends Command['kind']>(...kinds: Kind[]): fc.Arbitrary<Kind> => fc.constantFrom(...kinds);

/** A new task, as a rule at the Global. */
export const anySubmission: fc.Arbitrary<Command> = fc.record({
  kind: kind('submit'),
  at: fc.constantFrom(...ENTRIES.flatMap((entry) => (entry === 'global' ? [entry, entry, entry, entry] : [entry]))),
  want: fc.constantFrom(...(Object.keys(WANTS) as Want[])),
  isComplex: fc.boolean(),
  priority,
});

/** Every command with how often it comes: most often what carries tasks on. */
const WEIGHTED: readonly fc.WeightedArbitrary<Command>[] = [
  { weight: 4, arbitrary: anySubmission },
  { weight: 6, arbitrary: fc.record({ kind: kind('accept'), likely, task: number, hop: recent, by }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: kind('reject'), likely, task: number, hop: recent, by, retryable: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('claim'), at, worker }) },
  { weight: 7, arbitrary: fc.record({ kind: kind('claim_where'), likely, task: number, worker }) },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: kind('heartbeat', 'finish', 'fail_attempt', 'release', 'ask'),
      likely,
      lease: recent,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('answer'), likely, task: number, by }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('complete'), likely, task: number, by, force: seldom }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('complete_hop'), likely, task: number, hop: recent, by }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('fail'), likely, task: number, by, force: seldom }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind('cancel', 'retry'), likely, task: number, by }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('escalate'), likely, task: number, by }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('reroute'), likely, task: number, by, force: seldom }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: kind('reassign'), likely, task: number, to: fc.constantFrom(...PLACES), by }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('decompose'),
      likely,
      task: number,
      by,
      parts: fc.integer({ min: 1, max: 2 }),
      join: fc.constantFrom('all', 'any'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('stop'), at, force: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('start', 'pause', 'resume'),
      at,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: kind('repeat'), command: fc.nat({ max: 30 }) }) },
];

const RESTART = { weight: 1, arbitrary: fc.constant<Command>({ kind: 'restart_worker' }) };

/** Any command; a new worker now and then only where that is wanted, for it takes its time. */
export const anyCommand = (restarts: boolean): fc.Arbitrary<Command> =>
  fc.oneof(...WEIGHTED, ...(restarts ? [RESTART] : []));
