import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { moveTask } from './task-move.ts';

export function taskRetryCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'retry <task>',
    summary: 'Submit a task again that has ended: prints the copy',
    examples: ['hopper task retry TASK', 'hopper task retry TASK --json | jq -r .id'],
  }).action((id: string, { json }: { json?: true }) => moveTask(context, json, ({ tasks }) => tasks.retry(id)));
}
