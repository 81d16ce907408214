import { clockOf, reasoned } from './phrases.ts';
import type { Situation, Stand } from './stand.ts';

/** Done, by somebody. */
export function completed(situation: Situation): Stand {
  const { title, here, task } = situation;
  const result = task.result === null ? '' : '; it has a result';
  return end(situation, `${title} was completed at ${here.name}${byWhom(situation)}${result}.`);
}

/** Whoever had it, or a limit, gave it up. */
export function failed(situation: Situation): Stand {
  const { title, here } = situation;
  return end(situation, `${title} failed at ${here.name}${byWhom(situation)}${because(situation)}.`);
}

/** Nobody could take it. */
export function rejected(situation: Situation): Stand {
  const { title, here } = situation;
  return end(situation, `${title} was rejected at ${here.name}: nobody can take it${because(situation)}.`);
}

/** Somebody called it off. */
export function cancelled(situation: Situation): Stand {
  return end(situation, `${situation.title} was cancelled${byWhom(situation)}${because(situation)}.`);
}

/** The reason that is recorded where none was given. */
const NO_REASON = 'cancelled';

function end({ task, since }: Situation, headline: string): Stand {
  const { status, finishedBy: by, finishedAt, result } = task;
  const reason = task.failure?.reason ?? null;
  return {
    headline,
    waitsFor: null,
    ended: { status, by, at: finishedAt ?? since, reason, hasResult: result !== null },
  };
}

function byWhom({ task, since, now }: Situation): string {
  const by = task.finishedBy === null ? '' : ` by ${task.finishedBy}`;
  return `${by} (${clockOf(task.finishedAt ?? since, now)})`;
}

function because({ task }: Situation): string {
  const reason = task.failure?.reason ?? NO_REASON;
  return reason === NO_REASON ? '' : `: ${reasoned(reason)}`;
}
