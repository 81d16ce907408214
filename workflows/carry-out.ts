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
  let known = row;
  for (;;) {
    const envelope = { taskId, commandId, expectedStep: known?.step ?? 0, actor, via, command };
    const result = await steps.applyCommand.executeWithOptions(options, [envelope]);
    if (result.verdict === 'conflict') return { ...result, row: result.row ?? known };
    if (result.verdict !== 'moved') return result;
    known = result.row;
  }
}

function rowOf({ status, step, holder }: TaskSnapshot): CommandAnswer['row'] {
  return { status, step, instanceId: holder.id };
}

/** The answer to an update: never an error for the state of the task. */
export function answerOf(result: StepResult): CommandAnswer {
  if (result.verdict === 'gone') return { verdict: 'gone', row: null };
  const row = result.row === null ? null : rowOf(result.row);
  if (result.verdict !== 'conflict') return { verdict: 'done', row };
  return { verdict: 'conflict', code: result.code, detail: result.detail, row };
}
