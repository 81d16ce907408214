import type { StepResult } from '../domain/step-result.ts';
import type { CommandEnvelope } from '../domain/task-command.ts';
import { isToBeRouted } from '../domain/task-snapshot.ts';
import type { TaskUseCases } from './use-cases.ts';

/**
 * Carries a command out and, where it leaves the task to be routed, decides at once where it goes: two transactions,
 * one step of the workflow (decision 0013). A decision that fails now is left to the workflow, which finds the task routing.
 */
export async function carryOn(
  { applyCommand, routeTask }: Pick<TaskUseCases, 'applyCommand' | 'routeTask'>,
  envelope: CommandEnvelope,
): Promise<StepResult> {
  const carriedOut = await applyCommand(envelope);
  if (carriedOut.verdict !== 'done' || !isToBeRouted(carriedOut.row)) return carriedOut;
  const { taskId } = envelope;
  const ask = { taskId, expectedStep: carriedOut.row.step };
  const decided = await routeTask(ask).catch((): StepResult => carriedOut);
  return 'row' in decided && decided.row !== null ? { verdict: 'done', row: decided.row } : carriedOut;
}
