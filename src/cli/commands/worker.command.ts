import type { Command } from 'commander';
import { requireServers } from '../../config/settings.ts';
import { announceReady, releaseParent, untilStopped } from '../child-link.ts';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import type { RunningWorker } from '../parts.ts';

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
  try {
    await run(await parts.worker(given), stopped);
  } finally {
    releaseParent();
  }
}

async function run(worker: RunningWorker, stopped: Promise<void>): Promise<void> {
  try {
    const running = worker.run();
    announceReady();
    // A worker that ends by itself has failed, and its error ends the command.
    await Promise.race([running, stopped]);
    worker.shutdown();
    await running;
  } finally {
    await worker.close();
  }
}
