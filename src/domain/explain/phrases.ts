import type { InstanceStatus } from '../instance.ts';
import type { ExplainedInstance } from './explanation.ts';

const LONGEST_TITLE = 80;
const LONGEST_REASON = 300;
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/** A task's title within a sentence: on one line, in quotes, not too long. */
export function quoted(title: string): string {
  return `“${clipped(onOneLine(title), LONGEST_TITLE)}”`;
}

/** A reason within a sentence: on one line, not too long, without its full stop. */
export function reasoned(reason: string): string {
  return clipped(onOneLine(reason), LONGEST_REASON).replace(/[.\s]+$/, '');
}

/** So many of something, in words. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** A length of time in its largest unit: `3 minutes`. */
export function lengthOf(milliseconds: number): string {
  if (milliseconds < 2 * MINUTE) return countOf(Math.floor(milliseconds / 1_000), 'second');
  if (milliseconds < 2 * HOUR) return countOf(Math.floor(milliseconds / MINUTE), 'minute');
  if (milliseconds < 2 * DAY) return countOf(Math.floor(milliseconds / HOUR), 'hour');
  return countOf(Math.floor(milliseconds / DAY), 'day');
}

/** A time as it is said now: without the day if it is today. Always UTC, and says so. */
export function clockOf(at: Date, now: Date): string {
  const [day, clock] = [at.toISOString().slice(0, 10), at.toISOString().slice(11, 16)];
  const isToday = now.toISOString().startsWith(day);
  return `${isToday ? '' : `${day} `}${clock} UTC`;
}

const ASIDES = {
  running: null,
  paused: 'is paused: it gets nothing new',
  stopping: 'is stopping: what it holds goes elsewhere',
  stopped: 'is stopped',
  error: 'is in error',
  created: 'was never started',
  starting: 'is starting',
  terminated: 'was deleted',
} as const satisfies Record<InstanceStatus, string | null>;

/** What is to be known of an instance that does not run, as the end of a sentence; empty for one that does. */
export function asideOn({ name, status }: ExplainedInstance): string {
  const aside = ASIDES[status];
  return aside === null ? '' : `; ${name} ${aside}`;
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function clipped(text: string, longest: number): string {
  const points = Array.from(text);
  return points.length <= longest ? text : `${points.slice(0, longest - 1).join('')}…`;
}
