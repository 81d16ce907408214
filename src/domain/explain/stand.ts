import { holderDelegation, pendingOffer } from '../path.ts';
import type { Delegation } from '../delegation.ts';
import { type Task, type TaskStatus, isPastDue } from '../task.ts';
import { blocked } from './blocked.ts';
import { cancelled, completed, failed, rejected } from './ended.ts';
import type { End, ExplainedInstance, Wait } from './explanation.ts';
import { type ExplainFacts, instanceIn } from './facts.ts';
import { offered, routing } from './on-its-way.ts';
import { clockOf, lengthOf, quoted } from './phrases.ts';
import { inProgress, queued } from './at-work.ts';
import { waiting } from './waiting.ts';

/** How a task stands: one sentence, what it waits for while it is open, and how it ended. */
export interface Stand {
  readonly headline: string;
  readonly waitsFor: Wait | null;
  readonly ended: End | null;
}

/** The facts as the words about a status need them. */
export interface Situation {
  readonly facts: ExplainFacts;
  readonly task: Task;
  readonly now: Date;
  /** The title in quotes; a part is named with its whole. */
  readonly title: string;
  readonly here: ExplainedInstance;
  /** When the task came to stand as it does. */
  readonly since: Date;
  readonly offer: Delegation | undefined;
  readonly holding: Delegation | undefined;
}

const STANDS = {
  routing,
  offered,
  queued,
  in_progress: inProgress,
  waiting,
  blocked,
  completed,
  failed,
  rejected,
  cancelled,
} as const satisfies Record<TaskStatus, (situation: Situation) => Stand>;

/** The words for the status that the task has. */
export function standOf(facts: ExplainFacts): Stand {
  const { task, chain, moves, now } = facts;
  const stand = STANDS[task.status]({
    facts,
    task,
    now,
    title:
      facts.partOf === null ? quoted(task.title) : `${quoted(task.title)}, a part of ${quoted(facts.partOf.title)},`,
    here: instanceIn(facts, task.instanceId),
    since: moves.at(-1)?.at ?? task.createdAt,
    offer: pendingOffer(chain),
    holding: holderDelegation(chain),
  });
  return { ...stand, headline: stand.headline + overdueWords(task, now) };
}

/** A sentence more for an open task whose due time has passed (rule T6). */
function overdueWords({ status, dueAt }: Task, now: Date): string {
  if (dueAt === null || !isPastDue({ status, dueAt }, now)) return '';
  return ` It is overdue: it was due ${lengthOf(now.getTime() - dueAt.getTime())} ago (${clockOf(dueAt, now)}).`;
}
