import type { PushResult } from '../src/domain/execution.ts';
import type { StepResult } from '../src/domain/step-result.ts';
import type { CommandEnvelope } from '../src/domain/task-command.ts';
import type { PartsToStart } from '../src/use-cases/parts-to-start.ts';
import type { PushAsk } from '../src/use-cases/push-task.ts';
import type { RouteAsk } from '../src/use-cases/route-task.ts';
import type { TaskUseCases } from '../src/use-cases/use-cases.ts';
import { carryOn } from '../src/use-cases/carry-on.ts';
import { failing } from './failing.ts';

/**
 * The steps of a task: each answers with the row as it now stands. Each is one transaction, but for a command that leaves the
 * task to be routed: its decision follows in a second one.
 */
export interface TaskActivities {
  routeTask(ask: RouteAsk): Promise<StepResult>;
  applyCommand(envelope: CommandEnvelope): Promise<StepResult>;
  readTask(ask: { readonly taskId: string }): Promise<StepResult>;
  joinParts(ask: { readonly taskId: string }): Promise<StepResult>;
  findPartsToStart(ask: { readonly taskId: string; readonly from: number }): Promise<PartsToStart>;
  pushTask(ask: PushAsk): Promise<PushResult>;
}

export const createTaskActivities = (useCases: Omit<TaskUseCases, 'admitTask'>): TaskActivities => ({
  routeTask: (ask) => failing(() => useCases.routeTask(ask)),
  applyCommand: (envelope) => failing(() => carryOn(useCases, envelope)),
  readTask: (ask) => failing(() => useCases.readTask(ask)),
  joinParts: (ask) => failing(() => useCases.joinParts(ask)),
  findPartsToStart: (ask) => failing(() => useCases.findPartsToStart(ask)),
  pushTask: (ask) => failing(() => useCases.pushTask(ask)),
});
