import type { CommandEnvelope } from '../src/domain/task-command.ts';
import type { RouteAsk } from '../src/use-cases/route-task.ts';
import type { StepResult } from '../src/use-cases/step-result.ts';
import type { TaskUseCases } from '../src/use-cases/use-cases.ts';
import { failing } from './failing.ts';

/** The steps of a task: each one transaction, each answers with the row as it now stands. */
export const createTaskActivities = ({ routeTask, applyCommand, readTask }: Omit<TaskUseCases, 'admitTask'>) => ({
  routeTask: (ask: RouteAsk): Promise<StepResult> => failing(() => routeTask(ask)),
  applyCommand: (envelope: CommandEnvelope): Promise<StepResult> => failing(() => applyCommand(envelope)),
  readTask: (ask: { readonly taskId: string }): Promise<StepResult> => failing(() => readTask(ask)),
});
