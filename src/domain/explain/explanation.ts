import type { InstanceRef } from '../chain.ts';
import type { DelegationStatus } from '../delegation.ts';
import type { InstanceStatus } from '../instance.ts';
import { ACTIONS, type Considered } from '../routing-decision.ts';
import type { TaskStatus } from '../task.ts';

/** What a step of a task's way can be: a decision, or a hand-over by a person to whom they named. */
export const STEP_ACTIONS = [...ACTIONS, 'reassign'] as const;
export type StepAction = (typeof STEP_ACTIONS)[number];

/** An instance as an explanation names it. */
export type NamedRef = Pick<InstanceRef, 'id' | 'name'>;

/** An instance with its status: one that is paused or stopping explains a wait. */
export interface ExplainedInstance extends InstanceRef {
  readonly status: InstanceStatus;
}

/** What became of a hand-over. */
export interface Outcome {
  readonly status: DelegationStatus;
  readonly by: string | null;
  readonly notes: string | null;
}

/** One step of the way: who decided or handed over, to whom, and why not to the others. */
export interface WayStep {
  /** null where nothing was handed over. */
  readonly hop: number | null;
  /** null where a person, and no behaviour, decided. */
  readonly step: number | null;
  readonly at: Date;
  readonly instance: InstanceRef;
  readonly action: StepAction;
  readonly target: InstanceRef | null;
  readonly reason: string;
  readonly strategy: string;
  readonly policyHash: string | null;
  readonly candidates: readonly Considered[];
  readonly candidatesLeftOut: number;
  readonly outcome: Outcome | null;
}

/** What an open task waits for, who can give it, and what to type to move it on. */
export interface Wait {
  readonly what: string;
  readonly who: NamedRef | null;
  readonly since: Date;
  readonly until: Date | null;
  readonly how: readonly string[];
}

/** An instance that is not asked for this task, for good or until a time. */
export interface NotAsked {
  readonly instance: NamedRef;
  readonly why: string;
  readonly until: Date | null;
}

/** How a task ended. */
export interface End {
  readonly status: TaskStatus;
  readonly by: string | null;
  readonly at: Date;
  readonly reason: string | null;
  readonly hasResult: boolean;
}

/** Where a task is, why it went there, and what it waits for. */
export interface Explanation {
  readonly taskId: string;
  readonly title: string;
  readonly status: TaskStatus;
  readonly headline: string;
  readonly where: {
    readonly instance: ExplainedInstance;
    readonly path: readonly InstanceRef[];
    readonly since: Date;
  };
  readonly why: readonly WayStep[];
  /** How many earlier decisions are on record but not shown. */
  readonly whyLeftOut: number;
  readonly waitsFor: Wait | null;
  readonly notAsked: readonly NotAsked[];
  readonly ended: End | null;
}
