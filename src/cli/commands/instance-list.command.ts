import type { Command } from 'commander';
import { INSTANCE_STATUSES, type InstanceStatus, type Scope, SCOPES } from '../../domain/instance.ts';
import { choice, declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { allInstances } from '../instance-ref.ts';
import { showInstances } from '../views/instance-view.ts';

interface Options {
  readonly scope?: Scope;
  readonly status?: InstanceStatus;
  readonly json?: true;
}

export function instanceListCommand(parent: Command, { client: connect, out }: CliContext): void {
  declare(parent, {
    usage: 'list',
    summary: 'All instances',
    examples: ['hopper instance list', 'hopper instance list --scope project --status running'],
  })
    .addOption(choice('--scope <scope>', 'only this level', SCOPES))
    .addOption(choice('--status <status>', 'only this status', INSTANCE_STATUSES))
    .action(async ({ scope, status, json }: Options) => {
      const all = await allInstances(connect());
      const wanted = all.filter(
        (instance) =>
          (scope === undefined || instance.scope === scope) && (status === undefined || instance.status === status),
      );
      if (json) out.json({ items: wanted, next_cursor: null });
      else showInstances(out, wanted, all);
    });
}
