import type { Command } from 'commander';
import { CliError, EXIT } from '../cli-error.ts';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';

export function auditCommand(parent: Command, { client: connect, out }: CliContext): void {
  declare(parent, {
    usage: 'audit',
    summary: 'Hold every promise of Hopper against its records and against Temporal; changes nothing',
    examples: ['hopper audit', 'hopper audit --json'],
  }).action(async ({ json }: { json?: true }) => {
    const { audit } = connect();
    const report = await audit.run();
    const { tasks, checks, findings } = report;
    if (json) out.json(report);
    else {
      const { colours } = out;
      const mark = (count: number): string =>
        count === 0 ? colours.green('holds') : colours.red(`broken: ${String(count)}`);
      out.table(
        ['check', '', 'promise'],
        checks.map(({ check, promise, findings: count }) => [check, mark(count), promise]),
      );
      if (findings.length > 0) out.line();
      out.table(
        ['check', 'task', 'instance', 'found'],
        findings.map((each) => [each.check, each.task_id ?? '-', each.instance_id ?? '-', each.detail]),
      );
    }
    const words = `${String(findings.length)} findings in the records of ${String(tasks)} tasks`;
    if (findings.length > 0) throw new CliError(EXIT.other, words);
    if (!json) out.note(words);
  });
}
