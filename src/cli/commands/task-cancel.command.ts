import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { moveTask } from './task-move.ts';

export function taskCancelCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'cancel <task>',
    summary: 'End a task that nobody needs any more',
    examples: ['hopper task cancel TASK', 'hopper task cancel TASK --reason "done by hand"'],
  })
    .option('--reason <words>', 'why')
    .action((id: string, { reason, json }: { reason?: string; json?: true }) =>
      moveTask(context, json, ({ tasks }) => tasks.cancel(id, reason === undefined ? {} : { reason })),
    );
}
