import { assertNever } from '../../domain/assert-never.ts';
import type { Output } from '../output.ts';
import { plain } from '../plain.ts';
import { endWords, sentenceOf } from './event-words.ts';
import type { Reporter, WorkEvent } from './work-event.ts';

/** One JSON line for each event. */
export function jsonReporter(out: Output, now: () => Date): Reporter {
  return {
    report: (event) => {
      const { event: name, ...rest } = event;
      out.line(JSON.stringify({ at: now().toISOString(), event: name, ...rest }));
    },
    close: () => undefined,
  };
}

/** Lines with tabs for what happens to tasks; what the worker itself has to say goes to standard error. */
export function lineReporter(out: Output, now: () => Date): Reporter {
  return {
    report: (event) => {
      const sentence = sentenceOf(event);
      if (sentence !== null) out.note(`hopper: ${plain(sentence)}`);
      const columns = columnsOf(event);
      if (columns !== null) out.line([now().toISOString(), event.event, ...columns].map(plain).join('\t'));
    },
    close: () => undefined,
  };
}

function columnsOf(event: WorkEvent): readonly string[] | null {
  switch (event.event) {
    case 'claimed':
      return [event.task_id, `attempt ${String(event.attempt)}`, event.title];
    case 'completed':
    case 'failed':
    case 'released':
    case 'decomposed':
    case 'lost':
      return [event.task_id, endWords(event), event.title];
    case 'started':
    case 'heartbeat':
    case 'away':
    case 'back':
    case 'waiting':
    case 'draining':
    case 'terminating':
    case 'stopped':
      return null;
    default:
      return assertNever(event);
  }
}
