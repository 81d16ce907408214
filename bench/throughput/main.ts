// `npm run bench`: Hopper from end to end, held against the engine’s own floor, on servers of its own.
import { runBenchmark } from '../command-line.ts';
import { planOf } from './plan.ts';
import { tableOf } from './table.ts';

const HELP = `Usage: npm run bench -- [options]

Starts PostgreSQL, Temporal, Hopper’s worker and API, and the worker and API of the floor in a temporary folder, and measures
tasks from their submission to their end. The floor is a workflow written by hand for just this, on the same servers, with
the same updates, timers, search attributes and commits, and without routing; the bare floor has no timers and no search
attributes. The three take turns, and who begins changes; the figures are medians over the rounds.

  (a) two hops accepted by themselves, completed from outside
  (b) two hops accepted, accepted and completed from outside
  (c) (b) over HTTP by 64 clients, the API in a process of its own
  (d) two hops, claimed and completed over HTTP by 16 workers
  (e) a task with 20 parts
  (f) the time from a decision until the next hop is offered, at 10 decisions a second

(a), (b), (e) and (f) call Hopper’s service, or the floor’s updates, in the process of the benchmark. The full run ends
by itself after 25 minutes, the quick one after 6.

  --cases a,b        only these
  --rounds N         rounds of each case (5)
  --tasks N          tasks in a round, whatever the case
  --concurrency N    tasks that are open at once (64; (e): at most 4)
  --quick            one round of few tasks: does it work?
  --json FILE        write the figures to FILE too
  --help             this text

The exit code is 1 if a case failed: no figure of Hopper’s is shown without its floors.
`;

process.exitCode = await runBenchmark({
  name: 'bench',
  help: HELP,
  options: {
    cases: { type: 'string' },
    rounds: { type: 'string' },
    tasks: { type: 'string' },
    concurrency: { type: 'string' },
    quick: { type: 'boolean' },
  },
  measure: async (asked) => {
    const plan = planOf(asked);
    const { runPlan } = await import('./run-plan.ts'); // heavy, and a wrong word needs none of it
    return runPlan(plan);
  },
  tableOf,
  isWhole: ({ cases }) => cases.every(({ status }) => status !== 'failed'),
});
