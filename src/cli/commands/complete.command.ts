import type { Command } from 'commander';
import { declare, jsonValue } from '../command.ts';
import type { CliContext } from '../context.ts';
import { decide } from './decide.ts';

export function completeCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'complete <delegation>',
    summary: 'Finish a task by the delegation that brought it to its holder',
    examples: ['hopper complete DELEGATION', `hopper complete DELEGATION --result '{"report": "no findings"}'`],
  })
    .option('--result <json>', 'what came of it, as JSON', jsonValue)
    .action((id: string, { result, json }: { result?: unknown; json?: true }) =>
      decide(context, json, ({ delegations }) => delegations.complete(id, result === undefined ? {} : { result })),
    );
}
