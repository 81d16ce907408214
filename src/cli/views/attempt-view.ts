import type { AttemptResponse } from '../../domain/lease.schema.ts';
import type { Output } from '../output.ts';
import { plain } from '../plain.ts';
import { relative } from './short-time.ts';

/** One row for each attempt, the first first; an open one shows how far it is. */
export function showAttempts(out: Output, attempts: readonly AttemptResponse[], now: Date): void {
  if (attempts.length === 0) {
    out.note('Nobody has tried it yet.');
    return;
  }
  const started = (at: string): string => (out.isTerminal ? relative(at, now) : at);
  out.table(
    ['attempt', 'worker', 'started', 'outcome', 'reason'],
    attempts.map((each) => [
      String(each.attempt),
      each.worker_id,
      started(each.started_at),
      each.outcome ?? 'running',
      each.outcome === null ? progressOf(each) : (each.reason ?? ''),
    ]),
  );
}

/** What the last attempt that said anything left behind, line by line as it was, but unable to drive the terminal. */
export function showLastOutput(out: Output, attempts: readonly AttemptResponse[]): void {
  const last = attempts.findLast(({ output }) => output !== null);
  if (last === undefined) {
    out.note('No attempt left any output.');
    return;
  }
  out.note(`attempt ${String(last.attempt)}, ${plain(last.worker_id)}, ${last.outcome ?? 'running'}:`);
  for (const line of (last.output ?? '').split('\n')) out.line(plain(line));
}

function progressOf({ progress_percent: percent, progress_note: note }: AttemptResponse): string {
  return [percent === null ? null : `${String(percent)} %`, note].filter((part) => part !== null).join(' ');
}
