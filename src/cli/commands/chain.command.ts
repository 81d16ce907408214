import type { Command } from 'commander';
import { choice, declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { allInstances } from '../instance-ref.ts';
import { chainAsMermaid } from '../views/chain-mermaid.view.ts';
import { showChainTree } from '../views/chain-tree.view.ts';
import { namesOf } from '../views/task-view.ts';

interface Options {
  readonly format: 'tree' | 'json' | 'mermaid';
  readonly json?: true;
}

export function chainCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'chain <task>',
    summary: 'Who handed a task to whom, and why',
    examples: ['hopper chain TASK', 'hopper chain TASK --format mermaid > chain.mmd', 'hopper chain TASK --json'],
  })
    .addOption(choice('--format <format>', 'how to show it', ['tree', 'json', 'mermaid']).default('tree'))
    .action((id: string, options: Options) => chain(context, id, options));
}

async function chain({ client: connect, out }: CliContext, id: string, { format, json }: Options): Promise<void> {
  const client = connect();
  if (json || format === 'json') {
    out.json(await client.tasks.chain(id));
    return;
  }
  const [task, found, decisions, instances] = await Promise.all([
    client.tasks.get(id),
    client.tasks.chain(id),
    client.tasks.decisions(id),
    allInstances(client),
  ]);
  const way = { task, chain: found, decisions: decisions.items, names: namesOf(instances) };
  if (format === 'mermaid') out.line(chainAsMermaid(way));
  else showChainTree(out, way);
}
