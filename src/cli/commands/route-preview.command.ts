import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { loadPolicy } from '../../config/policy-file.ts';
import type { PreviewBodyInput } from '../../domain/route-preview.schema.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { resolveInstance } from '../instance-ref.ts';
import { type TaskOptions, taskOf, withTaskOptions } from '../task-fields.ts';
import { widthOf } from '../views/lines.ts';
import { showPreview } from '../views/route-preview.view.ts';

interface Described extends TaskOptions {
  readonly task?: string;
  readonly file?: string;
}

interface Options extends Described {
  readonly at?: string;
  readonly policy?: string;
  readonly json?: true;
}

type Subject = Pick<PreviewBodyInput, 'task' | 'task_id'>;

export function routePreviewCommand(parent: Command, context: CliContext): void {
  const command = declare(parent, {
    usage: 'preview [title]',
    summary: 'Where a task would go, decision by decision; changes nothing',
    examples: [
      'hopper route preview "Split the invoices" --tag billing --minutes 180',
      'hopper route preview "Split the invoices" --tag billing --policy new-policy.yaml',
      'hopper route preview --file task.json --at platform',
      'hopper route preview --task TASK',
    ],
  });
  withTaskOptions(command)
    .option('--file <path>', 'the task as one JSON object; - reads standard input')
    .option('--task <task>', 'a task that is there, as if it were rerouted now')
    .option('--at <name or id>', 'where it enters (else the only running global)')
    .option('--policy <path>', 'a policy file to decide by, instead of the one in force')
    .action((title: string | undefined, options: Options) => preview(context, title, options));
}

async function preview(context: CliContext, title: string | undefined, options: Options): Promise<void> {
  const { at, policy, json, ...described } = options;
  const tried = policy === undefined ? undefined : loadPolicy({ path: policy, isNamed: true }).policy;
  const subject = await subjectOf(context, title, described);
  const client = context.client();
  const answer = await client.routes.preview({
    ...subject,
    ...(tried !== undefined && { policy: tried }),
    ...(at !== undefined && { instance_id: await resolveInstance(client, at) }),
  });
  if (json) context.out.json(answer);
  else showPreview(context.out, answer, widthOf(context));
}

/** One of: a title with options, a file, a task that is there. */
async function subjectOf(
  context: CliContext,
  title: string | undefined,
  { task, file, ...fields }: Described,
): Promise<Subject> {
  const described = [...(title === undefined ? [] : ['a title']), ...Object.keys(fields).map((name) => `--${name}`)];
  if (task === undefined && file === undefined) {
    if (title === undefined)
      throw new CliError(EXIT.input, 'give a title, --file or --task; see `hopper route preview --help`');
    return { task: taskOf(title, fields) };
  }
  const stray = [...described, ...(task !== undefined && file !== undefined ? ['--file'] : [])];
  if (stray.length > 0) {
    const given = task === undefined ? '--file' : '--task';
    throw new CliError(EXIT.input, `${given} says which task it is: leave out ${stray.join(', ')}`);
  }
  return task === undefined ? { task: await readTask(context, file ?? '-') } : { task_id: task };
}

/** The server checks what the task is made of. */
async function readTask(context: CliContext, path: string): Promise<NonNullable<Subject['task']>> {
  const content = await read(context, path);
  try {
    return JSON.parse(content) as NonNullable<Subject['task']>;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.input, `${path} is not one JSON object: ${why}`, { cause: error });
  }
}

async function read({ stdin }: CliContext, path: string): Promise<string> {
  if (path === '-') return text(stdin);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError(EXIT.input, `${path} cannot be read`, { cause: error });
  }
}
