import type { InstanceResponse } from '../../domain/instance.schema.ts';
import type { TaskStatus } from '../../domain/task.ts';
import type { TaskResponse } from '../../domain/task.schema.ts';
import type { Colours, Output } from '../output.ts';
import { plain } from '../plain.ts';
import { relative } from './short-time.ts';

/** Names of instances by their ids; an unknown one is shown by its id. */
export type Names = ReadonlyMap<string, string>;

export function namesOf(instances: readonly Pick<InstanceResponse, 'id' | 'name'>[]): Names {
  return new Map(instances.map(({ id, name }) => [id, name]));
}

export function showTasks(out: Output, tasks: readonly TaskResponse[], names: Names): void {
  out.table(
    ['id', 'status', 'priority', 'at', 'title'],
    tasks.map(({ id, status, priority, instance_id: at, title }) => [id, status, priority, names.get(at) ?? at, title]),
  );
}

/** One task, each of its fields that says something on a line of its own. */
export function showTask(out: Output, task: TaskResponse, names: Names, now: Date): void {
  const { colours } = out;
  const named = (id: string): string => names.get(id) ?? id;
  const fields: readonly (readonly [string, string | null])[] = [
    ['id', task.id],
    [
      'status',
      colourOf(task.status, colours)(task.blocked_on === null ? task.status : `${task.status} (${task.blocked_on})`),
    ],
    ['priority', task.priority],
    ['at', named(task.instance_id)],
    ['entered at', named(task.entry_instance_id)],
    ['tags', task.tags.length === 0 ? null : plain(task.tags.join(', '))],
    ['minutes', task.estimated_duration === null ? null : String(task.estimated_duration)],
    ['metadata', Object.keys(task.metadata).length === 0 ? null : JSON.stringify(task.metadata)],
    ['failed tries', task.attempts === 0 ? null : String(task.attempts)],
    ['question', openQuestionOf(task)],
    ['retry of', task.retry_of],
    ['requester', shown(task.requester)],
    ['external ref', shown(task.external_ref)],
    ['due', task.due_at === null ? null : `${task.due_at}${task.due_missed ? ' (missed)' : ''}`],
    ['not before', task.not_before],
    ['created', `${task.created_at} (${relative(task.created_at, now)})`],
    ['finished', task.finished_at === null ? null : `${task.finished_at}${by(task.finished_by)}`],
    ['failure', task.failure === null ? null : plain(`${task.failure.code}: ${task.failure.reason}`)],
    ['result', task.result === null ? null : JSON.stringify(task.result)],
    ['workflow', task.workflow_id],
    ['description', shown(task.description)],
  ];
  out.line(colours.bold(plain(task.title)));
  for (const [name, value] of fields) if (value !== null) out.line(`  ${colours.dim(name.padEnd(12))} ${value}`);
}

/** What a command did to a task, in one line. */
export function showMoved(out: Output, task: TaskResponse, names: Names): void {
  const at = names.get(task.instance_id) ?? task.instance_id;
  out.line(`${task.id}\t${colourOf(task.status, out.colours)(task.status)}\t${plain(at)}\t${plain(task.title)}`);
}

export function colourOf(status: TaskStatus, colours: Colours): (text: string) => string {
  const table = {
    routing: colours.cyan,
    offered: colours.yellow,
    queued: colours.blue,
    in_progress: colours.blue,
    waiting: colours.cyan,
    blocked: colours.yellow,
    completed: colours.green,
    failed: colours.red,
    rejected: colours.red,
    cancelled: colours.dim,
  } satisfies Record<TaskStatus, (text: string) => string>;
  return table[status];
}

function openQuestionOf({ questions }: TaskResponse): string | null {
  return shown(questions.find((each) => each.answer === null)?.text ?? null);
}

function shown(text: string | null): string | null {
  return text === null || text === '' ? null : plain(text);
}

function by(name: string | null): string {
  return name === null ? '' : ` by ${plain(name)}`;
}
