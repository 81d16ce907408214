import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { runUp } from './run-up.ts';
import { showSummary } from './summary.ts';

export function upCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'up',
    summary: 'Everything on this machine: PostgreSQL, Temporal, worker and HTTP API, until Ctrl-C',
    examples: [
      'hopper up',
      'HOPPER_HTTP_PORT=0 HOPPER_DATA_DIR=/tmp/second hopper up      beside another one',
      'DATABASE_URL=postgres://… TEMPORAL_ADDRESS=host:7233 hopper up   with your own servers',
    ],
  }).action(({ json }: { json?: true }) => {
    const { out, settings } = context;
    return runUp(context, (stack) => {
      if (json) out.json(stack);
      else showSummary(out, stack, settings().dataDir);
    });
  });
}
