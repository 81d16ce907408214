import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { TaskResponse } from '../../domain/task.schema.ts';
import { CliError, EXIT } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { exitCodeOf } from '../exit-code.ts';
import { plain } from '../plain.ts';
import { sendTasks } from '../send-tasks.ts';
import { parseTaskLines } from '../task-lines.ts';

/** Submits a file of tasks: checked as a whole first, then sent, with a progress bar on a terminal. */
export async function submitFile(context: CliContext, path: string, json: boolean): Promise<void> {
  const { out } = context;
  const lines = parseTaskLines(path === '-' ? 'standard input' : path, await read(context, path));
  if (lines.length === 0) throw new CliError(EXIT.input, `${path} has no tasks`);
  const client = context.client();
  const bar = await progressOf(context, lines.length, json);
  const { tasks, unsent, error } = await sendTasks(client, lines, bar.tick);
  bar.stop();
  if (json) out.json(tasks);
  else out.note(`${String(tasks.length)} of ${String(lines.length)} tasks submitted`);
  if (unsent.length === 0) return;
  const reason = error instanceof Error ? error.message : String(error);
  throw new CliError(exitCodeOf(error), `not everything was sent: ${reason}`, {
    problems: [{ path: 'lines that were not sent', message: unsent.join(', ') }],
    cause: error,
  });
}

async function read({ stdin }: CliContext, path: string): Promise<string> {
  if (path === '-') return text(stdin);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError(EXIT.input, `${path} cannot be read`, { cause: error });
  }
}

interface Bar {
  readonly tick: (task: TaskResponse) => void;
  readonly stop: () => void;
}

async function progressOf({ out, stderr }: CliContext, total: number, json: boolean): Promise<Bar> {
  if (!out.isTerminal || !stderr.isTTY) {
    const tick = ({ id, title }: TaskResponse): void => {
      if (!json) out.line(`${id}\t${plain(title)}`);
    };
    return { tick, stop: () => undefined };
  }
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar({
    format: '{bar} {value}/{total}  {title}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    stream: stderr,
  });
  bar.start(total, 0, { title: '' });
  return {
    tick: ({ title }) => {
      bar.increment(1, { title: plain(title).slice(0, 50) });
    },
    stop: () => {
      bar.update({ title: '' });
      bar.stop();
    },
  };
}
