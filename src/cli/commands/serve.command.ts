import type { Command } from 'commander';
import { requireServers } from '../../config/settings.ts';
import { announceReady, releaseParent, untilStopped } from '../child-link.ts';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';

export function serveCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'serve',
    summary: 'Run the HTTP API alone (a part of `up`), until it is told to stop',
    examples: ['DATABASE_URL=postgres://… TEMPORAL_ADDRESS=temporal:7233 HOPPER_HTTP_PORT=8080 hopper serve'],
  }).action(() => serve(context));
}

async function serve({ settings, parts, out }: CliContext): Promise<void> {
  const given = settings();
  requireServers(given, ['database', 'temporal']);
  const stopped = untilStopped();
  try {
    const api = await parts.serve(given);
    out.note(`listening on ${api.url}`);
    announceReady({ url: api.url });
    await stopped;
    await api.close();
  } finally {
    releaseParent();
  }
}
