import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { showAttempts, showLastOutput } from '../views/attempt-view.ts';

export function taskAttemptsCommand(parent: Command, { client: connect, out }: CliContext): void {
  declare(parent, {
    usage: 'attempts <task>',
    summary: 'Who tried, and what came of it',
    examples: ['hopper task attempts TASK', 'hopper task attempts TASK --output', 'hopper task attempts TASK --json'],
  })
    .option('--output', 'show the last output that an attempt left')
    .action(async (id: string, { output, json }: { output?: true; json?: true }) => {
      const attempts = await connect().tasks.attempts(id);
      if (json) out.json(attempts);
      else if (output) showLastOutput(out, attempts.items);
      else showAttempts(out, attempts.items, new Date());
    });
}
