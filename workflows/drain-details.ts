import { type DrainReport, countLeft } from '../src/domain/drain.ts';
import { ROOM_BELOW, cell } from './current-details.ts';

/** How far the drain has come, and what it waits for: what people see in the Temporal UI. */
export function drainDetailsOf(report: DrainReport, pass: number): string {
  const { instance, left } = report;
  if (instance === null) return 'There is no such instance: nothing to do.';
  const tasks = countLeft(report);
  const table = ['', '| status | tasks |', '| --- | --- |', ...left.map(lineOf)];
  return [
    `**${instance.status}** ${cell(instance.name)}${forceOf(instance)}: ${String(tasks)} open tasks have to leave it, looked at ${String(pass)} ${pass === 1 ? 'time' : 'times'}`,
    ...(tasks === 0 ? [] : table),
    ...ROOM_BELOW,
  ].join('\n');
}

function forceOf({ forcedBy }: NonNullable<DrainReport['instance']>): string {
  return forcedBy === undefined ? '' : `, forced by ${cell(forcedBy)}`;
}

function lineOf({ status, count }: DrainReport['left'][number]): string {
  return `| ${status} | ${String(count)} |`;
}
