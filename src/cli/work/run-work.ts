import type { HopperClient } from '../../client/hopper-client.ts';
import { CliError, EXIT } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { resolveInstance } from '../instance-ref.ts';
import { requireProgram } from './find-program.ts';
import { jsonReporter, lineReporter } from './line-reporter.ts';
import { LiveReporter } from './live-reporter.ts';
import { PatientClient } from './patient-client.ts';
import type { Reporter, Tally, WorkEvent } from './work-event.ts';
import { listenToWorkSignals, type WorkSignals } from './work-signals.ts';
import { workLoop } from './worker-loop.ts';

/** A worker as its command line describes it. */
export interface WorkPlan {
  readonly instances: readonly string[];
  readonly command: string;
  readonly args: readonly string[];
  readonly workerId: string;
  readonly skills: readonly string[];
  readonly subtree: boolean;
  readonly concurrency: number;
  readonly maxTasks: number;
  readonly graceMs: number;
  readonly json: boolean;
}

/** Works until it is stopped, or has taken as many tasks as it was told to. */
export async function runWork(context: CliContext, plan: WorkPlan): Promise<void> {
  requireProgram(plan.command, context.env['PATH'] ?? '');
  const reporter = reporterOf(context, plan.json);
  const tally: Record<keyof Tally, number> = { completed: 0, failed: 0, released: 0, decomposed: 0, lost: 0 };
  const seen = new Set<WorkEvent['event']>();
  const report = (event: WorkEvent): void => {
    seen.add(event.event);
    if (isCounted(event.event)) tally[event.event] += 1;
    reporter.report(event);
  };
  const signals = listenToWorkSignals();
  try {
    await work(context, plan, report, signals);
  } finally {
    if (seen.has('started')) report({ event: 'stopped', ...tally });
    reporter.close();
    signals.release();
  }
  if (signals.force.aborted) throw new CliError(EXIT.interrupted, 'stopped before its tasks were done');
}

async function work(
  context: CliContext,
  plan: WorkPlan,
  report: (event: WorkEvent) => void,
  { stop, force, impatience }: WorkSignals,
): Promise<void> {
  const client = new PatientClient(context.client, {
    away: (reason) => {
      report({ event: 'away', reason });
    },
    back: () => {
      report({ event: 'back' });
    },
  });
  const instanceIds = await placesOf(client, plan, stop);
  if (instanceIds === null) return;
  const { workerId, skills, subtree, concurrency, maxTasks, graceMs, command, args } = plan;
  report({ event: 'started', worker_id: workerId, instances: plan.instances, concurrency });
  // COMMAND finds the same API by itself, from whatever folder it works in.
  const env = { ...context.env, HOPPER_URL: client.url, HOPPER_DATA_DIR: context.settings().dataDir };
  const wish = { workerId, instanceIds, skills, subtree };
  const program = { command, args, env };
  await workLoop({ client, program, graceMs, force, impatience, report, wish, concurrency, maxTasks, stop });
}

/** The ids of the instances; null if the worker was stopped before they were known. */
async function placesOf(client: PatientClient, plan: WorkPlan, stop: AbortSignal): Promise<readonly string[] | null> {
  try {
    return await client.call((api) => Promise.all(plan.instances.map((named) => placeOf(api, named, plan))), stop);
  } catch (error) {
    if (stop.aborted) return null;
    throw error;
  }
}

async function placeOf(api: HopperClient, named: string, { subtree }: WorkPlan): Promise<string> {
  const { id, name, scope, status } = await api.instances.get(await resolveInstance(api, named));
  if (status === 'terminated') throw new CliError(EXIT.conflict, `"${name}" is terminated: it has no work any more`);
  if (scope !== 'global' || subtree) return id;
  throw new CliError(
    EXIT.input,
    `"${name}" is a Global: it has no work of its own. Name an instance below it, or add --subtree`,
  );
}

function reporterOf({ out, stdout, env }: CliContext, json: boolean): Reporter {
  const now = (): Date => new Date();
  if (json) return jsonReporter(out, now);
  if (!out.isTerminal || env['TERM'] === 'dumb') return lineReporter(out, now);
  return new LiveReporter(out, {
    write: (text) => stdout.write(text),
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
  });
}

function isCounted(event: string): event is keyof Tally {
  return ['completed', 'failed', 'released', 'decomposed', 'lost'].includes(event);
}
