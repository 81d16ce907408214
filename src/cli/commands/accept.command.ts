import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { decide } from './decide.ts';

export function acceptCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'accept <delegation>',
    summary: 'Accept an offer (`hopper inbox` lists them)',
    examples: ['hopper accept DELEGATION', 'hopper accept DELEGATION --notes "after the release"'],
  })
    .option('--notes <words>', 'something to remember with it')
    .action((id: string, { notes, json }: { notes?: string; json?: true }) =>
      decide(context, json, ({ delegations }) => delegations.accept(id, notes === undefined ? {} : { notes })),
    );
}
