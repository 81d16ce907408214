import { TaskCreate, type TaskCreateInput } from '../domain/task.schema.ts';
import type { Problem } from '../domain/errors.ts';
import { CliError, EXIT } from './cli-error.ts';

/** A task with the number of the line that it stands on. */
export interface TaskLine {
  readonly line: number;
  readonly task: TaskCreateInput;
}

/** Reads one task from each line of a JSONL text; one bad line, and nothing is taken, but all bad lines are named. */
export function parseTaskLines(source: string, text: string): readonly TaskLine[] {
  const checked = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((content, index) => ({ content, line: index + 1 }))
    .filter(({ content }) => content.trim() !== '')
    .map(checkLine);
  const problems = checked.flatMap((result) => result.problems);
  if (problems.length > 0) {
    throw new CliError(EXIT.input, `${source} has bad lines; nothing was sent`, { problems });
  }
  return checked.flatMap(({ found }) => found);
}

function checkLine({ content, line }: { content: string; line: number }): { found: TaskLine[]; problems: Problem[] } {
  const at = `line ${String(line)}`;
  let task: unknown;
  try {
    task = JSON.parse(content);
  } catch (error) {
    return {
      found: [],
      problems: [{ path: at, message: `is not JSON: ${error instanceof Error ? error.message : ''}` }],
    };
  }
  const parsed = TaskCreate.safeParse(task);
  if (parsed.success) return { found: [{ line, task: task as TaskCreateInput }], problems: [] };
  const problems = parsed.error.issues.map(({ path, message }) => ({
    path: path.length === 0 ? at : `${at}, ${path.join('.')}`,
    message,
  }));
  return { found: [], problems };
}
