import { queueOf, workerOf } from '../executor.ts';
import { COUNTED_AHEAD, type WorkNow } from './facts.ts';
import { asideOn, clockOf, countOf } from './phrases.ts';
import type { Situation, Stand } from './stand.ts';

/** In the queue of the instance that is to do it. */
export function queued(situation: Situation): Stand {
  const { facts, task, title, here, since, holding } = situation;
  if (facts.pushQueue !== null) return pushable(situation, facts.pushQueue);
  const place = placeWords(facts.ahead);
  const finish = holding === undefined ? `hopper task complete ${task.id}` : `hopper complete ${holding.id}`;
  const giveBack = holding === undefined ? [] : [`hopper task escalate ${task.id} --reason WHY`];
  return {
    headline: `${title} waits in the queue of ${here.name}: ${place}${asideOn(here)}.`,
    waitsFor: {
      what: `somebody at ${here.name} to do it; ${place}${asideOn(here)}`,
      who: { id: here.id, name: here.name },
      since,
      until: null,
      how: [`${finish}  # when it is done`, ...giveBack, `hopper task reroute ${task.id}  # decides anew`],
    },
    ended: null,
  };
}

/** In the queue of a push instance: nobody claims it, so it waits for a slot (rule U2). */
function pushable({ facts, task, title, here, since, now }: Situation, queue: string): Stand {
  const place = placeWords(facts.ahead);
  const rests = [task.availableAt, task.notBefore].filter((each) => each !== null && each > now);
  const start = rests.toSorted((a, b) => Number(b) - Number(a))[0] ?? null;
  const rest = start === null ? '' : `, not before ${clockOf(start, now)}`;
  const words = `a free slot at ${here.name}, for ${workerWords(workerOf(queue))}; ${place}${rest}${asideOn(here)}`;
  return {
    headline: `${title} waits for ${words}.`,
    waitsFor: {
      what: words,
      who: { id: here.id, name: here.name },
      since,
      until: start,
      how: [
        `hopper task attempts ${task.id}  # shows every attempt, and why it ended`,
        `hopper task reroute ${task.id}  # decides anew`,
      ],
    },
    ended: null,
  };
}

/** Somebody works on it. */
export function inProgress({ facts, task, title, here, since }: Situation): Stand {
  const worker = facts.work === null ? 'whoever works on it' : workerWords(facts.work.workerId);
  const progress = facts.work === null ? '' : progressWords(facts.work);
  return {
    headline: `${title} is being worked on at ${here.name} by ${worker}${progress}${asideOn(here)}.`,
    waitsFor: {
      what: `${worker} at ${here.name} to finish${progress}${asideOn(here)}`,
      who: { id: here.id, name: here.name },
      since,
      until: null,
      how: [
        `hopper task attempts ${task.id}  # shows every attempt`,
        `hopper task reroute ${task.id} --force  # takes it away from them and decides anew`,
      ],
    },
    ended: null,
  };
}

/** A worker of Temporal's has no name but its task queue. */
function workerWords(workerId: string): string {
  const queue = queueOf(workerId);
  return queue === null ? workerId : `a worker on the Temporal task queue "${queue}"`;
}

function progressWords({ attempt, note, percent }: WorkNow): string {
  const far = percent === null ? [] : [`${String(percent)} %`];
  const told = note === null || note === '' ? [] : [`"${note}"`];
  const parts = [`attempt ${String(attempt)}`, ...far, ...told];
  return ` (${parts.join(', ')})`;
}

function placeWords(ahead: number): string {
  if (ahead === 0) return 'it is the next';
  const count = countOf(ahead, 'task is', 'tasks are');
  return `${ahead >= COUNTED_AHEAD ? `at least ${count}` : count} before it`;
}
