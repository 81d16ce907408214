import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { decide } from './decide.ts';

interface Options {
  readonly reason: string;
  readonly code?: string;
  readonly retryable?: true;
  readonly json?: true;
}

export function rejectCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'reject <delegation>',
    summary: 'Refuse an offer: the task goes elsewhere and is not offered here again',
    examples: [
      'hopper reject DELEGATION --reason "not ours"',
      'hopper reject DELEGATION --reason "no time" --retryable',
    ],
  })
    .requiredOption('--reason <words>', 'why')
    .option('--code <code>', 'the reason for programs, such as wrong_team')
    .option('--retryable', 'say that it is a passing reason; kept on record, it excludes this instance all the same')
    .action((id: string, { reason, code, retryable, json }: Options) =>
      decide(context, json, ({ delegations }) =>
        delegations.reject(id, { reason, ...(code !== undefined && { code }), ...(retryable && { retryable }) }),
      ),
    );
}
