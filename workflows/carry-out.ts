import type { CommandEnvelope } from '../src/domain/task-command.ts';
import type { TaskSnapshot } from '../src/domain/task-snapshot.ts';
import type { StepResult } from '../src/domain/step-result.ts';
import { shownAs, steps } from './activity-proxies.ts';
import type { CommandAnswer } from './messages.ts';

/** A command with its id and its actor, whoever gave it. */
export type Ordered = Pick<CommandEnvelope, 'commandId' | 'actor' | 'via' | 'command'>;

/** Has a command judged and written. If somebody else wrote first, it is judged anew by the row as it now stands (law 3). */
export async function carryOut(taskId: string, row: TaskSnapshot | null, ordered: Ordered): Promise<StepResult> {
  const { commandId, actor, via, command } = ordered;
  const options = shownAs(`${command.kind} by ${actor.name}`);
  let expectedStep = row?.step ?? 0;
  for (;;) {
    const envelope = { taskId, commandId, expectedStep, actor, via, command };
    const result = await steps.applyCommand.executeWithOptions(options, [envelope]);
    if (result.verdict !== 'moved') return result;
    expectedStep = result.row.step;
  }
}

/** The answer to an update: never an error for the state of the task. */
export function answerOf(result: StepResult): CommandAnswer {
  if (result.verdict === 'gone') return { verdict: 'gone', row: null };
  const { status, step, holder } = result.row;
  const row = { status, step, instanceId: holder.id };
  if (result.verdict !== 'conflict') return { verdict: 'done', row };
  return { verdict: 'conflict', code: result.code, detail: result.detail, row };
}
