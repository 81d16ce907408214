import type { Join } from '../parts/part.ts';
import type { PartFacts } from './facts.ts';
import { asideOn, countOf, reasoned } from './phrases.ts';
import type { Situation, Stand } from './stand.ts';

/** It waits for its parts, which are tasks of their own, or, as a part, for others that come before it. */
export function waiting(situation: Situation): Stand {
  const { join } = situation.task;
  return join === null ? forOthers(situation) : forParts(situation, join);
}

const NEEDED = {
  all: 'it is completed when all of them are',
  any: 'it is completed when one of them is',
  best_effort: 'it ends when none of them is open',
} as const satisfies Record<Join, string>;

function forParts({ facts: { parts }, task, title, here, since }: Situation, join: Join): Stand {
  const { total, finished } = parts;
  const done = `${String(finished)} of ${countOf(total, 'part')} ${finished === 1 ? 'is' : 'are'} done`;
  return {
    headline: `${title} waits at ${here.name} for its parts: ${done}${lostWords(parts)}.`,
    waitsFor: {
      what: `its parts, which are tasks of their own; ${done}${lostWords(parts)}; ${nextWords(parts, join)}${asideOn(here)}`,
      who: null,
      since,
      until: null,
      how: [`hopper task list --parent ${task.id}  # shows them`, `hopper task cancel ${task.id}  # and them with it`],
    },
    ended: null,
  };
}

function nextWords({ lost }: PartFacts, join: Join): string {
  return join === 'all' && lost.length > 0 ? 'it fails once those that still run have ended' : NEEDED[join];
}

function lostWords({ lost }: PartFacts): string {
  return lost.length === 0 ? '' : `, ${quotedKeys(lost)} did not complete`;
}

function forOthers({ facts: { partOf }, title, since }: Situation): Stand {
  const before = partOf?.before ?? [];
  const what =
    before.length === 0
      ? 'its turn'
      : `${before.length === 1 ? 'part' : 'parts'} ${quotedKeys(before)} to be completed`;
  return {
    headline: `${title} has not begun: it waits for ${what}.`,
    waitsFor: {
      what,
      who: null,
      since,
      until: null,
      how: partOf === null ? [] : [`hopper task list --parent ${partOf.id}  # shows all of them`],
    },
    ended: null,
  };
}

/** Three at most are named. */
function quotedKeys(keys: readonly string[]): string {
  return keys.map((key) => JSON.stringify(reasoned(key))).join(', ');
}
