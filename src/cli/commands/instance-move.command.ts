import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { resolveInstance } from '../instance-ref.ts';
import { showInstance } from '../views/instance-view.ts';

const SUMMARIES = {
  start: 'Start an instance: it takes tasks',
  pause: 'Pause an instance: no new offers to it, what it has goes on',
  resume: 'Resume a paused instance',
} as const;

/** `instance start|pause|resume`: one verb each, all alike. */
export function instanceMoveCommands(parent: Command, { client: connect, out }: CliContext): void {
  for (const verb of ['start', 'pause', 'resume'] as const) {
    declare(parent, {
      usage: `${verb} <instance>`,
      summary: SUMMARIES[verb],
      examples: [`hopper instance ${verb} backend-agents`],
    }).action(async (named: string, { json }: { json?: true }) => {
      const client = connect();
      const instance = await client.instances.move(await resolveInstance(client, named), verb);
      if (json) out.json(instance);
      else showInstance(out, instance);
    });
  }
}
