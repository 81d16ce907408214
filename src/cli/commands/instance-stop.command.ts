import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { HopperClient } from '../../client/hopper-client.ts';
import type { InstanceResponse } from '../../domain/instance.schema.ts';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { resolveInstance } from '../instance-ref.ts';
import { plain } from '../plain.ts';
import { showInstance } from '../views/instance-view.ts';

interface Options {
  readonly wait?: true;
  readonly json?: true;
}

const LOOK_AGAIN_MS = 500;

export function instanceStopCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'stop <instance>',
    summary: 'Stop an instance: no more tasks to it; what is there moves away, then it is stopped',
    examples: ['hopper instance stop backend-agents', 'hopper instance stop backend-agents --wait'],
  })
    .option('--wait', 'answer when it is stopped; a task that somebody works on is waited for')
    .action((named: string, options: Options) => stop(context, named, options));
}

async function stop({ client: connect, out }: CliContext, named: string, { wait, json }: Options): Promise<void> {
  const client = connect();
  const stopping = await client.instances.move(await resolveInstance(client, named), 'stop');
  if (wait && stopping.status === 'stopping')
    out.note(`${plain(stopping.name)} is stopping: its open tasks move away (Ctrl-C ends the waiting, not the stop)`);
  const instance = wait ? await untilStopped(client, stopping) : stopping;
  if (json) out.json(instance);
  else showInstance(out, instance);
}

async function untilStopped(client: HopperClient, stopping: InstanceResponse): Promise<InstanceResponse> {
  let seen = stopping;
  while (seen.status === 'stopping') {
    await sleep(LOOK_AGAIN_MS);
    seen = await client.instances.get(seen.id);
  }
  return seen;
}
