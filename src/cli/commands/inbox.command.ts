import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { resolveInstance } from '../instance-ref.ts';
import { showInbox } from '../views/inbox-view.ts';

export function inboxCommand(parent: Command, { client: connect, out }: CliContext): void {
  declare(parent, {
    usage: 'inbox [instance]',
    summary: 'What waits for a person: anywhere, or at an instance and below it',
    examples: ['hopper inbox', 'hopper inbox security', 'hopper inbox --json'],
  }).action(async (named: string | undefined, { json }: { json?: true }) => {
    const client = connect();
    const page = await client.instances.inbox(named === undefined ? null : await resolveInstance(client, named));
    if (json) out.json(page);
    else showInbox(out, page.items, new Date());
  });
}
