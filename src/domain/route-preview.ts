import type { Considered, WantedInstance } from './routing-decision.ts';
import type { Scope } from './instance.ts';
import type { Decided } from './scopes/decide-at.ts';
import type { Failure, TaskStatus } from './task.ts';

/** An instance on a previewed way; without an id while it would only be created. */
export interface Place {
  readonly id: string | null;
  readonly name: string;
  readonly scope: Scope;
}

/** A place that a task would be handed to, and how it accepts. */
export interface PreviewedTarget extends Place {
  readonly acceptance: 'auto' | 'manual';
  readonly acceptanceTimeoutSeconds: number;
}

/** A decision that a task would get; nothing of it is on record. */
export interface PreviewedDecision {
  readonly taskId: string | null;
  readonly step: number;
  readonly instance: Place;
  readonly action: Decided['action'];
  readonly target: PreviewedTarget | null;
  readonly creates: WantedInstance | null;
  readonly reason: string;
  readonly strategy: string;
  readonly policyHash: string;
  readonly candidates: readonly Considered[];
  readonly candidatesLeftOut: number;
}

/** Every decision that a task would get if every offer of it were accepted, and how it would stand then. */
export interface RoutePreview {
  readonly decisions: readonly PreviewedDecision[];
  readonly outcome: {
    readonly status: TaskStatus;
    readonly instance: Place;
    readonly blockedOn: string | null;
    readonly retryAt: Date | null;
    readonly failure: Failure | null;
  };
}
