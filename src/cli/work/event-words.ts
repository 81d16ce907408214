import { assertNever } from '../../domain/assert-never.ts';
import { duration } from './duration.ts';
import type { JobEnd, Tally, WorkEvent } from './work-event.ts';

/** What the worker itself says, in one sentence; null for what happens to a task. */
export function sentenceOf(event: WorkEvent): string | null {
  switch (event.event) {
    case 'started':
      return `${event.worker_id} works for ${event.instances.join(', ')}, ${slots(event.concurrency)}; Ctrl-C lets it finish what it has`;
    case 'away':
      return `${event.reason}; what runs goes on, and the rest waits until it is back`;
    case 'back':
      return 'the API is back';
    case 'waiting':
      return event.reason;
    case 'draining':
      return event.running === 0
        ? 'stopping: nothing runs'
        : `stopping: ${tasks(event.running)} still running, no new ones; once more ends them and gives their tasks back`;
    case 'terminating':
      return `ending ${tasks(event.running)} and giving ${event.running === 1 ? 'it' : 'them'} back; once more does not wait`;
    case 'stopped':
      return `stopped: ${tallyWords(event)}`;
    case 'claimed':
    case 'heartbeat':
    case 'completed':
    case 'failed':
    case 'released':
    case 'decomposed':
    case 'lost':
      return null;
    default:
      return assertNever(event);
  }
}

/** How an attempt ended, without its task's name. */
export function endWords(end: JobEnd): string {
  switch (end.event) {
    case 'completed':
      return `in ${duration(end.seconds)}`;
    case 'decomposed':
      return `into parts, in ${duration(end.seconds)}`;
    case 'failed':
      return `${end.reason} (the task is ${end.status})`;
    case 'released':
    case 'lost':
      return end.reason;
    default:
      return assertNever(end);
  }
}

/** `3 completed, 1 failed`: what did not happen is left out. */
export function tallyWords({ completed, failed, released, decomposed, lost }: Tally): string {
  const counts = Object.entries({ completed, failed, released, decomposed, lost }).filter(([, count]) => count > 0);
  return counts.length === 0
    ? 'nothing done yet'
    : counts.map(([name, count]) => `${String(count)} ${name}`).join(', ');
}

function slots(count: number): string {
  return count === 1 ? 'one task at a time' : `${String(count)} tasks at a time`;
}

function tasks(count: number): string {
  return count === 1 ? '1 task' : `${String(count)} tasks`;
}
