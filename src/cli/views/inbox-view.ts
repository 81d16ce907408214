import type { InboxItemResponse } from '../../domain/inbox.schema.ts';
import type { Output } from '../output.ts';
import { relative } from './short-time.ts';

/** What waits for a person; the first column is what `accept` and `reject` take, or the task's id. */
export function showInbox(out: Output, items: readonly InboxItemResponse[], now: Date): void {
  if (items.length === 0) {
    if (out.isTerminal) out.line('Nothing waits for a person.');
    return;
  }
  out.table(
    ['id', 'what', 'at', 'since', 'priority', 'title'],
    items.map(({ kind, since, instance, task, delegation }) => [
      delegation?.id ?? task.id,
      kind,
      instance.name,
      relative(since, now),
      task.priority,
      kind === 'question' ? (task.questions.at(-1)?.text ?? task.title) : task.title,
    ]),
  );
  if (!out.isTerminal) return;
  out.line();
  out.line(out.colours.dim('hopper accept ID · hopper reject ID --reason "…" · hopper task answer ID "…"'));
}
