import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { moveTask } from './task-move.ts';

export function taskAnswerCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'answer <task> <text>',
    summary: 'Answer the question of the worker that has the task',
    examples: ['hopper task answer TASK "Take the account of 2025"'],
  }).action((id: string, text: string, { json }: { json?: true }) =>
    moveTask(context, json, ({ tasks }) => tasks.answer(id, { text })),
  );
}
