import type { Command } from 'commander';
import { declare, jsonValue } from '../command.ts';
import type { CliContext } from '../context.ts';
import { moveTask } from './task-move.ts';

interface Options {
  readonly result?: unknown;
  readonly force?: true;
  readonly json?: true;
}

export function taskCompleteCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'complete <task>',
    summary: 'Finish a task; the completion bubbles up to where it entered',
    examples: ['hopper task complete TASK', `hopper task complete TASK --result '{"pull_request": 214}'`],
  })
    .option('--result <json>', 'what came of it, as JSON', jsonValue)
    .option('--force', 'even though a worker has it')
    .action((id: string, { result, force, json }: Options) =>
      moveTask(context, json, ({ tasks }) =>
        tasks.complete(id, { ...(result !== undefined && { result }), ...(force && { force }) }),
      ),
    );
}
