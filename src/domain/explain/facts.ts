import type { ChainLink } from '../chain.ts';
import type { Patience } from '../exclusions.ts';
import type { RecordedDecision } from '../routing-decision.ts';
import type { Task } from '../task.ts';
import type { ExplainedInstance } from './explanation.ts';

/** A decision with the hop that carried it out, if it was a hand-over. */
export interface DecisionWithHop extends RecordedDecision {
  readonly hop: number | null;
}

/** What an event says of the task's way: when and by whom it came to stand where. */
export interface Move {
  readonly at: Date;
  readonly by: string;
  readonly instanceId: string;
  readonly reason: string | null;
}

/** Who has the task in hand, and how far it is. */
export interface WorkNow {
  readonly workerId: string;
  readonly attempt: number;
  readonly note: string | null;
  readonly percent: number | null;
  readonly heartbeatAt: Date;
}

/** Everything that an explanation is made from, read at one moment. */
export interface ExplainFacts {
  readonly task: Task;
  /** In hop order. */
  readonly chain: readonly ChainLink[];
  /** The last ones, in the order of their steps. */
  readonly decisions: readonly DecisionWithHop[];
  readonly decisionsLeftOut: number;
  /** The last ones, in the order in which they happened. */
  readonly moves: readonly Move[];
  /** Every instance that the facts name. */
  readonly instances: ReadonlyMap<string, ExplainedInstance>;
  readonly now: Date;
  readonly patience: Patience;
  /** How many tasks are before a queued one. */
  readonly ahead: number;
  /** The task queue whose workers do the work where the task is; null: whoever claims it. */
  readonly pushQueue: string | null;
  /** null: nobody has it. */
  readonly work: WorkNow | null;
  readonly parts: PartFacts;
  /** null: it is no part. */
  readonly partOf: PartOf | null;
}

/** The parts of a task that was split. */
export interface PartFacts {
  readonly total: number;
  readonly finished: number;
  /** The keys of the first that ended without completing, and not because of another. */
  readonly lost: readonly string[];
}

/** The task that a part belongs to, and the keys of the first parts that it waits for. */
export interface PartOf {
  readonly id: string;
  readonly title: string;
  readonly before: readonly string[];
}

/** So many tasks before one in a queue are counted, and not more. */
export const COUNTED_AHEAD = 1_000;

/** An instance of the facts; one that they do not have is a fault of whoever read them. */
export function instanceIn({ instances }: Pick<ExplainFacts, 'instances'>, id: string): ExplainedInstance {
  const found = instances.get(id);
  if (found === undefined) throw new TypeError(`the facts lack instance ${id}`);
  return found;
}
