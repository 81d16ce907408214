import type { Command } from 'commander';
import { type Priority, PRIORITIES } from '../../domain/task.ts';
import type { TaskCreateInput } from '../../domain/task.schema.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { choice, collect, declare, jsonValue, wholeNumber } from '../command.ts';
import type { CliContext } from '../context.ts';
import { allInstances, resolveInstance } from '../instance-ref.ts';
import { namesOf, showMoved } from '../views/task-view.ts';
import { submitFile } from './submit-file.ts';

interface Options {
  readonly tag?: readonly string[];
  readonly priority?: Priority;
  readonly description?: string;
  readonly minutes?: number;
  readonly metadata?: unknown;
  readonly instance?: string;
  readonly file?: string;
  readonly json?: true;
}

export function submitCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'submit [title]',
    summary: 'Submit one task, or one from each line of a file',
    examples: [
      'hopper submit "Split the invoices" --tag billing --priority high --minutes 180',
      `hopper submit "Upgrade the linter" --metadata '{"repository": "web"}' --instance platform`,
      'hopper submit --file examples/tasks.jsonl',
      'generate-tasks | hopper submit --file -',
    ],
  })
    .option('--tag <tag>', 'a tag (repeatable)', collect)
    .addOption(choice('--priority <priority>', 'how urgent it is', PRIORITIES))
    .option('--description <words>', 'what is to be done')
    .option('--minutes <number>', 'how long it takes, estimated', wholeNumber)
    .option('--metadata <json>', 'a JSON object with whatever belongs to it', jsonValue)
    .option('--instance <name or id>', 'where it enters (else the only running global)')
    .option('--file <path>', 'tasks as JSON, one on each line; - reads standard input')
    .action((title: string | undefined, options: Options) => submit(context, title, options));
}

async function submit(context: CliContext, title: string | undefined, options: Options): Promise<void> {
  const { file, json, ...fields } = options;
  if (file !== undefined) {
    const stray = [...(title === undefined ? [] : ['a title']), ...Object.keys(fields).map((name) => `--${name}`)];
    if (stray.length > 0)
      throw new CliError(EXIT.input, `with --file the tasks come from the file: leave out ${stray.join(', ')}`);
    await submitFile(context, file, json === true);
    return;
  }
  if (title === undefined)
    throw new CliError(EXIT.input, 'give a title, or --file with tasks; see `hopper submit --help`');
  await submitOne(context, title, options);
}

async function submitOne({ client: connect, out }: CliContext, title: string, options: Options): Promise<void> {
  const { tag, priority, description, minutes, metadata, instance, json } = options;
  const client = connect();
  const task = await client.tasks.submit({
    title,
    ...(tag !== undefined && { tags: [...tag] }),
    ...(priority !== undefined && { priority }),
    ...(description !== undefined && { description }),
    ...(minutes !== undefined && { estimated_duration: minutes }),
    // The server checks that it is an object.
    ...(metadata !== undefined && { metadata: metadata as NonNullable<TaskCreateInput['metadata']> }),
    ...(instance !== undefined && { instance_id: await resolveInstance(client, instance) }),
  });
  if (json) out.json(task);
  else showMoved(out, task, namesOf(await allInstances(client)));
}
