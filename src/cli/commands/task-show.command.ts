import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { allInstances } from '../instance-ref.ts';
import { namesOf, showTask } from '../views/task-view.ts';

export function taskShowCommand(parent: Command, { client: connect, out }: CliContext): void {
  declare(parent, {
    usage: 'show <task>',
    summary: 'Everything about one task',
    examples: ['hopper task show 0197f9c2-5d1e-7c44-9b61-6a1f2f0e8a11', 'hopper task show TASK --json'],
  }).action(async (id: string, { json }: { json?: true }) => {
    const client = connect();
    const task = await client.tasks.get(id);
    if (json) out.json(task);
    else showTask(out, task, namesOf(await allInstances(client)), new Date());
  });
}
