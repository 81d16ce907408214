import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { resolveInstance } from '../instance-ref.ts';
import { showTree } from '../views/instance-view.ts';

export function instanceTreeCommand(parent: Command, { client: connect, out }: CliContext): void {
  declare(parent, {
    usage: 'tree [instance]',
    summary: 'An instance and all below it, or everything',
    examples: ['hopper instance tree', 'hopper instance tree product'],
  }).action(async (named: string | undefined, { json }: { json?: true }) => {
    const client = connect();
    const trees =
      named === undefined
        ? (await client.instances.forest()).items
        : [await client.instances.tree(await resolveInstance(client, named))];
    if (json) out.json({ items: trees, next_cursor: null });
    else for (const tree of trees) showTree(out, tree);
  });
}
