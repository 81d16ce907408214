import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { moveTask } from './task-move.ts';

interface Options {
  readonly reason: string;
  readonly force?: true;
  readonly json?: true;
}

export function taskFailCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'fail <task>',
    summary: 'End a task as failed',
    examples: ['hopper task fail TASK --reason "the vendor closed the API"'],
  })
    .requiredOption('--reason <words>', 'why')
    .option('--force', 'even though a worker has it')
    .action((id: string, { reason, force, json }: Options) =>
      moveTask(context, json, ({ tasks }) => tasks.fail(id, { reason, ...(force && { force }) })),
    );
}
