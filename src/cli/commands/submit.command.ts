import type { Command } from 'commander';
import { CliError, EXIT } from '../cli-error.ts';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { allInstances, resolveInstance } from '../instance-ref.ts';
import { type TaskOptions, taskOf, withTaskOptions } from '../task-fields.ts';
import { namesOf, showMoved } from '../views/task-view.ts';
import { submitFile } from './submit-file.ts';

interface Options extends TaskOptions {
  readonly instance?: string;
  readonly file?: string;
  readonly json?: true;
}

export function submitCommand(parent: Command, context: CliContext): void {
  const command = declare(parent, {
    usage: 'submit [title]',
    summary: 'Submit one task, or one from each line of a file',
    examples: [
      'hopper submit "Split the invoices" --tag billing --priority high --minutes 180',
      `hopper submit "Upgrade the linter" --metadata '{"repository": "web"}' --instance platform`,
      'hopper submit --file examples/tasks.jsonl',
      'generate-tasks | hopper submit --file -',
    ],
  });
  withTaskOptions(command)
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
  const { instance, json } = options;
  const client = connect();
  const task = await client.tasks.submit({
    ...taskOf(title, options),
    ...(instance !== undefined && { instance_id: await resolveInstance(client, instance) }),
  });
  if (json) out.json(task);
  else showMoved(out, task, namesOf(await allInstances(client)));
}
