import type { InstanceRef } from '../src/domain/chain.ts';
import { assertNever } from '../src/domain/assert-never.ts';
import type { PushSnapshot, TaskSnapshot } from '../src/domain/task-snapshot.ts';

/** The chain as a markdown table, with the reasons and what the task waits for: what people see in the Temporal UI. */
export function detailsOf(row: TaskSnapshot): string {
  const lines = row.links.map(
    (link) =>
      `| ${String(link.hop)} | ${cell(link.from.name)} | ${cell(link.to.name)} | ${link.delegationType} | ${link.status} | ${cell(link.decidedBy ?? '')} | ${cell(link.why)} |`,
  );
  const table =
    lines.length === 0
      ? []
      : ['', '| hop | from | to | type | status | by | why |', '| --- | --- | --- | --- | --- | --- | --- |', ...lines];
  return [`**${row.status}** at ${nameOf(row.holder)}, waits for ${cell(waitsFor(row))}`, ...table, ...ROOM_BELOW].join(
    '\n',
  );
}

/** The Temporal UI cuts the last lines of its frame off; these may be cut. */
export const ROOM_BELOW = ['', '\u00a0', '', '\u00a0'];

/** One sentence: what has to happen next. */
export function waitsFor(row: TaskSnapshot): string {
  switch (row.status) {
    case 'routing':
      return typeof row.retryInMs === 'number' ? `its next try (${row.why})` : 'a decision where it goes next';
    case 'offered':
      return `${row.offer?.to ?? 'the target'} to accept or reject delegation ${row.offer?.delegationId ?? ''}`;
    case 'queued':
      return row.push === undefined ? `somebody at ${row.holder.name} to do it (${row.why})` : slotWords(row, row.push);
    case 'in_progress':
      return row.push === undefined ? 'its worker' : `a worker on the task queue ${row.push.taskQueue}`;
    case 'waiting':
      return row.parts === undefined ? 'the parts that come before it' : `its parts (${String(row.parts.open)} open)`;
    case 'blocked':
      return row.blockedOn === 'held' ? `a person to reroute it (${row.why})` : 'an answer';
    case 'completed':
      return 'nothing: it is done';
    case 'failed':
    case 'rejected':
    case 'cancelled':
      return `nothing: ${row.failure?.reason ?? row.status}`;
    default:
      return assertNever(row.status);
  }
}

function slotWords({ holder }: TaskSnapshot, { taskQueue }: PushSnapshot): string {
  return `a slot at ${holder.name}, for a worker on the task queue ${taskQueue}`;
}

function nameOf({ name, scope }: InstanceRef): string {
  return `${cell(name)} (${scope})`;
}

/** Text as it stands in one cell of a table, on one line. */
export function cell(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').slice(0, 300);
  return line.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '\\<');
}
