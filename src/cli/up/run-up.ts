import { once } from 'node:events';
import { loadHierarchy } from '../../config/hierarchy-file.ts';
import { loadPolicy } from '../../config/policy-file.ts';
import type { Settings } from '../../config/settings.ts';
import type { RunningStack } from '../../stack/stack.ts';
import { CliError, EXIT } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import type { StackFile } from '../stack-file.ts';
import { requireFreePort } from './free-port.ts';
import { clearLeftovers } from './leftovers.ts';
import { createProgress, type Progress } from './progress.ts';
import { listenForStop } from './stop-signals.ts';
import { Supervisor } from './supervisor.ts';

interface Running {
  readonly stack: RunningStack;
  readonly supervisor: Supervisor;
}

/** Brings everything up, keeps it up until somebody asks to stop, and takes it down in order. */
export async function runUp(context: CliContext, onReady: (stack: StackFile) => void): Promise<void> {
  const settings = context.settings();
  const say = (message: string): void => {
    context.out.note(`hopper: ${message}`);
  };
  const progress = createProgress(context.out);
  await checkBeforeStart(context, settings, say);
  const parts: Partial<Running> = {};
  const stop = listenForStop((times) => {
    if (times === 2) say('still stopping; once more ends worker and API at once');
    else parts.supervisor?.force();
  });
  try {
    const ready = await bringUp({ context, settings, progress, say, signal: stop.signal, parts });
    onReady(ready);
    if (!stop.signal.aborted) await once(stop.signal, 'abort');
  } catch (error) {
    if (stop.signal.aborted) throw new CliError(EXIT.interrupted, 'stopped before it was up', { cause: error });
    throw error;
  } finally {
    await takeDown(parts, progress);
    stop.release();
  }
}

/** All that can be known to be wrong is found before anything runs. */
async function checkBeforeStart(
  { parts }: CliContext,
  settings: Settings,
  say: (message: string) => void,
): Promise<void> {
  const checks = await parts.policyCheck(settings.policyFile);
  loadPolicy(settings.policyFile, checks);
  loadHierarchy(settings.hierarchyFile, checks);
  await clearLeftovers(settings.dataDir, say);
  await requireFreePort(settings.host, settings.httpPort);
}

interface Start {
  readonly context: CliContext;
  readonly settings: Settings;
  readonly progress: Progress;
  readonly say: (message: string) => void;
  readonly signal: AbortSignal;
  /** Filled as things start, so that whatever is there is taken down when a later one fails. */
  readonly parts: { stack?: RunningStack; supervisor?: Supervisor };
}

async function bringUp({ context, settings, progress, say, signal, parts }: Start): Promise<StackFile> {
  const stack = await progress.step('PostgreSQL and Temporal', async (tell) => {
    const { startStack } = await import('../../stack/stack.ts');
    const { dataDir, host, ports, databaseUrl, temporalAddress, temporalNamespace: namespace } = settings;
    return startStack({
      ...{ dataDir, host, ports, namespace, signal, progress: tell },
      databaseUrl: databaseUrl?.reveal(),
      temporalAddress: temporalAddress ?? undefined,
      onChange: (message) => {
        say(message);
        parts.supervisor?.publish();
      },
    });
  });
  parts.stack = stack;
  const supervisor = new Supervisor({ settings, stack, say, env: context.env, entry: context.entry });
  await progress.step('database schema', () => supervisor.migrate(signal));
  parts.supervisor = supervisor;
  return progress.step('worker and HTTP API', () => supervisor.start(signal));
}

async function takeDown({ stack, supervisor }: Partial<Running>, progress: Progress): Promise<void> {
  if (stack === undefined) return;
  await progress.step('stopping', async (tell) => {
    if (supervisor !== undefined) {
      tell('worker and HTTP API');
      await supervisor.stop();
    }
    tell('PostgreSQL and Temporal');
    await stack.close();
  });
}
