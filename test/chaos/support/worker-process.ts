// A worker in a process of its own. It reports each command of the kinds it was told to watch right after its commit,
// and then never answers: whoever kills it now kills it between the commit and everything that would follow. The first
// `LET_THROUGH` of them it answers as if nothing was.
import { composeWorker } from '../../../src/composition.ts';
import { type Settings, readSettings } from '../../../src/config/settings.ts';
import type { TaskUseCases } from '../../../src/use-cases/use-cases.ts';

const { env } = process;
const watched = (env['WATCHED'] ?? '').split(',').filter((kind) => kind !== '');
let toLetThrough = Number(env['LET_THROUGH'] ?? '0');
const taskQueue = env['TASK_QUEUE'] ?? 'hopper';
const settings: Settings = { ...readSettings(env), taskQueue };

function haltAfterCommit(useCases: TaskUseCases): TaskUseCases {
  return {
    ...useCases,
    applyCommand: async (envelope) => {
      const result = await useCases.applyCommand(envelope);
      return result.verdict === 'done' ? haltIfWatched(envelope.command.kind, envelope.taskId, result) : result;
    },
    joinParts: async (ask) => haltIfWatched('join', ask.taskId, await useCases.joinParts(ask)),
  };
}

function haltIfWatched<Result>(kind: string, taskId: string, result: Result): Result | Promise<never> {
  if (!watched.includes(kind)) return result;
  toLetThrough -= 1;
  if (toLetThrough >= 0) return result;
  process.send?.({ committed: kind, taskId });
  return new Promise<never>(() => undefined);
}

const worker = await composeWorker(settings, {
  workflowBundle: env['HOPPER_TEST_WORKFLOW_BUNDLE'] ?? '',
  aroundSteps: haltAfterCommit,
  rereadEveryMs: Number(env['REREAD_EVERY_MS'] ?? '60000'),
  rereadSettleSeconds: 1,
});
process.on('disconnect', () => process.exit(0));
process.on('message', () => {
  worker.shutdown();
});
process.send?.({ ready: true });
await worker.run();
await worker.close();
process.exit(0);
