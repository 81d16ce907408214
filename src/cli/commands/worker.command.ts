import type { Command } from 'commander';
import { requireServers } from '../../config/settings.ts';
import { announceReady, releaseParent, untilStopped } from '../child-link.ts';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';

export function workerCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'worker',
    summary: 'Run the worker alone (a part of `up`), until it is told to stop',
    examples: ['DATABASE_URL=postgres://… TEMPORAL_ADDRESS=temporal:7233 hopper worker'],
  }).action(() => work(context));
}

async function work({ settings, parts }: CliContext): Promise<void> {
  const given = settings();
  requireServers(given, ['database', 'temporal']);
  const stopped = untilStopped();
  const worker = await parts.worker(given);
  try {
    const running = worker.run();
    announceReady();
    // A worker that ends by itself has failed, and its error ends the command.
    await Promise.race([running, stopped]);
    worker.shutdown();
    await running;
  } finally {
    await worker.close();
    releaseParent();
  }
}
