import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { resolveInstance } from '../instance-ref.ts';
import { moveTask } from './task-move.ts';

interface Options {
  readonly to?: string;
  readonly reason?: string;
  readonly force?: true;
  readonly json?: true;
}

export function taskRerouteCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'reroute <task>',
    summary: 'Let Hopper decide anew where a task goes, or name the instance yourself',
    examples: [
      'hopper task reroute TASK --reason "billing has people again"',
      'hopper task reroute TASK --to backend-agents',
    ],
  })
    .option('--to <name or id>', 'hand it over to this instance')
    .option('--reason <words>', 'why')
    .option('--force', 'even though a worker has it')
    .action((id: string, { to, reason, force, json }: Options) =>
      moveTask(context, json, async (client) => {
        if (to === undefined) {
          return client.tasks.reroute(id, { ...(reason !== undefined && { reason }), ...(force && { force }) });
        }
        const target = await resolveInstance(client, to);
        return client.tasks.delegate(id, { target_instance_id: target, notes: reason });
      }),
    );
}
