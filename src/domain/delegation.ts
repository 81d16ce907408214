import type { Json } from './json.ts';

export const DELEGATION_TYPES = ['route', 'decompose', 'escalate', 'reassign'] as const;
export type DelegationType = (typeof DELEGATION_TYPES)[number];

export const DELEGATION_STATUSES = ['pending', 'accepted', 'rejected', 'completed', 'expired', 'cancelled'] as const;
export type DelegationStatus = (typeof DELEGATION_STATUSES)[number];

/** One hand-over of one task from one instance to another. */
export interface Delegation {
  readonly id: string;
  readonly taskId: string;
  readonly hop: number;
  readonly sourceInstanceId: string;
  readonly targetInstanceId: string;
  readonly delegationType: DelegationType;
  readonly status: DelegationStatus;
  readonly delegatedAt: Date;
  readonly acceptedAt: Date | null;
  readonly completedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly decidedBy: string | null;
  readonly rejectionCode: string | null;
  readonly retryable: boolean;
  readonly result: Json;
  readonly notes: string | null;
}

const NEXT = {
  pending: ['accepted', 'rejected', 'expired', 'cancelled'],
  accepted: ['completed', 'cancelled'],
  rejected: [],
  completed: [],
  expired: [],
  cancelled: [],
} as const satisfies Record<DelegationStatus, readonly DelegationStatus[]>;

/** The lifecycle of a delegation (rule D1). */
export function canDelegationMove(from: DelegationStatus, to: DelegationStatus): boolean {
  const allowed: readonly DelegationStatus[] = NEXT[from];
  return allowed.includes(to);
}

/** The statuses from which a delegation may come to `to`. */
export function delegationSources(to: DelegationStatus): readonly DelegationStatus[] {
  return DELEGATION_STATUSES.filter((from) => canDelegationMove(from, to));
}
