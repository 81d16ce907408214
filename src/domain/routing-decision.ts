import type { Scope } from './instance.ts';
import type { Join, PartSpec } from './parts/part.ts';

export const ACTIONS = ['delegate', 'execute', 'queue', 'escalate', 'reject', 'decompose'] as const;
export type Action = (typeof ACTIONS)[number];

/** An instance that was considered, with its score and why it was or was not chosen. */
export interface Considered {
  readonly instanceId: string;
  readonly name: string;
  readonly score: number;
  readonly chosen: boolean;
  readonly why: string;
}

/** An instance that a behaviour wants; the use case creates it, within the limits. */
export interface WantedInstance {
  readonly scope: Scope;
  readonly name: string;
  readonly capabilities: readonly string[];
}

interface Reasoned {
  readonly reason: string;
  readonly strategy: string;
  readonly candidates: readonly Considered[];
}

/** What a behaviour answered at one instance; `wait` means that a target which postponed the task is to be asked again. */
export type RoutingDecision =
  | (Reasoned & { readonly action: 'delegate'; readonly targetId: string })
  | (Reasoned & { readonly action: 'delegate'; readonly create: WantedInstance })
  | (Reasoned & { readonly action: 'decompose'; readonly parts: readonly PartSpec[]; readonly join: Join })
  | (Reasoned & { readonly action: 'execute' | 'queue' | 'escalate' | 'reject' | 'wait' });

/** A decision on record. */
export interface RecordedDecision {
  readonly id: string;
  readonly taskId: string;
  readonly step: number;
  readonly instanceId: string;
  readonly action: Action;
  readonly targetInstanceId: string | null;
  readonly reason: string;
  readonly strategy: string;
  readonly policyHash: string;
  readonly candidates: readonly Considered[];
  readonly candidatesLeftOut: number;
  readonly decidedAt: Date;
}
