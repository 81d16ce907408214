import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { moveTask } from './task-move.ts';

export function taskEscalateCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'escalate <task>',
    summary: 'Give a task back to the parent of the instance that has it',
    examples: ['hopper task escalate TASK --reason "needs access to production"'],
  })
    .requiredOption('--reason <words>', 'why it cannot be done there')
    .action((id: string, { reason, json }: { reason: string; json?: true }) =>
      moveTask(context, json, ({ tasks }) => tasks.escalate(id, { reason })),
    );
}
