import type { Command } from 'commander';
import { CliError, EXIT } from '../cli-error.ts';
import { collect, declare, wholeNumber } from '../command.ts';
import type { CliContext } from '../context.ts';
import { resolveInstance } from '../instance-ref.ts';

interface Options {
  readonly workerId: string;
  readonly requestId?: string;
  readonly wait?: number;
  readonly skill?: readonly string[];
  readonly subtree?: true;
}

export function claimCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'claim <instance...>',
    summary: 'Take the next task, for scripts: prints it with its lease as JSON',
    examples: [
      'hopper claim backend-agents --worker-id night-shift --wait 20',
      'hopper claim product --subtree --worker-id w1 --skill sql | jq -r .task.title',
    ],
  })
    .requiredOption('--worker-id <name>', 'who you are on record')
    .option('--request-id <id>', 'the same again gives the same lease, so that a lost answer can be asked for again')
    .option('--wait <seconds>', 'wait so long for a task, at most 25', wholeNumber)
    .option('--skill <skill>', 'only tasks that need no other skills (repeatable)', collect)
    .option('--subtree', 'also from every instance below')
    .addHelpText(
      'after',
      '\nWith nothing to do it prints nothing, says so on standard error and ends with exit code 1.',
    )
    .action((instances: readonly string[], options: Options) => claim(context, instances, options));
}

async function claim(
  { client: connect, out }: CliContext,
  instances: readonly string[],
  options: Options,
): Promise<void> {
  const client = connect();
  const [first = '', ...others] = await Promise.all(instances.map((named) => resolveInstance(client, named)));
  const claimed = await client.instances.claim(first, {
    worker_id: options.workerId,
    request_id: options.requestId,
    wait_seconds: options.wait,
    skills: options.skill === undefined ? undefined : [...options.skill],
    instance_ids: others,
    subtree: options.subtree,
  });
  if (claimed === null) throw new CliError(EXIT.other, 'nothing to do');
  out.json(claimed);
}
