import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { declareForLease, leaseOf } from '../lease-ref.ts';
import { type PartOptions, partsOf, withParts } from '../part-options.ts';
import { moveTask } from './task-move.ts';

interface Options extends PartOptions {
  readonly json?: true;
}

/** Splits a task that nobody works on, or with `--force` one that somebody does. */
export function taskDecomposeCommand(parent: Command, context: CliContext): void {
  withParts(
    declare(parent, {
      usage: 'decompose <task>',
      summary: 'Split a task into parts: it waits for them and collects their results',
      examples: [
        'hopper task decompose TASK --part "the schema" --part "the form"',
        `echo '["build", {"title": "ship", "after": ["1"]}]' | hopper task decompose TASK --parts -`,
      ],
    }),
  )
    .option('--force', 'even though a worker has it')
    .action((id: string, { force, json, ...named }: Options & { force?: true }) =>
      moveTask(context, json, async ({ tasks }) =>
        tasks.decompose(id, { ...(await partsOf(context, named)), ...(force && { force }) }),
      ),
    );
}

/** How a script splits the task that it has claimed. */
export function decomposeCommand(parent: Command, context: CliContext): void {
  withParts(
    declareForLease(parent, {
      usage: 'decompose [lease]',
      summary: 'Split the task that you claimed into parts; it waits for them and you are free',
      examples: ['hopper decompose LEASE --part "the schema" --part "the form" --join all'],
    }),
  ).action(async (named: string | undefined, { token: given, json, ...options }: Options & { token?: string }) => {
    const { id, token } = leaseOf(context, named, given);
    const body = await partsOf(context, options);
    await moveTask(context, json, ({ leases }) => leases.decompose(id, token, body));
  });
}
