import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { resolveInstance } from '../instance-ref.ts';
import { showInstance } from '../views/instance-view.ts';

export function instanceDeleteCommand(parent: Command, { client: connect, out }: CliContext): void {
  declare(parent, {
    usage: 'delete <instance>',
    summary: 'Terminate a stopped instance without open tasks or instances below it; its record stays',
    examples: ['hopper instance stop backend-agents --wait && hopper instance delete backend-agents'],
  }).action(async (named: string, { json }: { json?: true }) => {
    const client = connect();
    const instance = await client.instances.delete(await resolveInstance(client, named));
    if (json) out.json(instance);
    else showInstance(out, instance);
  });
}
