import type { Command } from 'commander';
import { requireServers } from '../../config/settings.ts';
import { releaseParent } from '../child-link.ts';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';

export function migrateCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'migrate',
    summary: 'Bring the database to this version; an empty one gets the hierarchy file',
    examples: ['DATABASE_URL=postgres://… hopper migrate', 'DATABASE_URL=postgres://… hopper migrate --json'],
  }).action(async ({ json }: { json?: true }) => {
    const { settings, parts, out } = context;
    const given = settings();
    requireServers(given, ['database']);
    const { applied, seeded } = await parts.migrate(given);
    if (json) out.json({ applied, seeded });
    else out.line(`${String(applied.length)} migrations applied, ${String(seeded)} instances created`);
    releaseParent();
  });
}
