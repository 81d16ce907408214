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
  readonly force?: true;
  readonly wait?: true;
  readonly json?: true;
}

const LOOK_AGAIN_MS = 500;
const FORCE = 'end what is being worked on: its lease is ended, its worker told, and the task moves on';

export function instanceStopCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'stop <instance>',
    summary: 'Stop an instance: no more tasks to it; what is there moves away, then it is stopped',
    examples: ['hopper instance stop backend-agents', 'hopper instance stop backend-agents --force --wait'],
  })
    .option('--force', FORCE)
    .option('--wait', 'answer when it is stopped; without --force, what somebody works on is waited for')
    .action((named: string, options: Options) =>
      end(context, options, async (client) =>
        client.instances.stop(await resolveInstance(client, named), { force: options.force ?? false }),
      ),
    );
}

export function instanceDeleteCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'delete <instance>',
    summary: 'Terminate an instance with nothing below it, a live one once it is stopped; its record stays',
    examples: ['hopper instance delete backend-agents', 'hopper instance delete backend-agents --force --wait'],
  })
    .option('--force', FORCE)
    .option('--wait', 'answer when it is terminated; without --force, what somebody works on is waited for')
    .action((named: string, options: Options) =>
      end(context, options, async (client) =>
        client.instances.delete(await resolveInstance(client, named), { force: options.force ?? false }),
      ),
    );
}

async function end(
  { client: connect, out }: CliContext,
  { wait, json }: Options,
  ask: (client: HopperClient) => Promise<InstanceResponse>,
): Promise<void> {
  const client = connect();
  const stopping = await ask(client);
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
