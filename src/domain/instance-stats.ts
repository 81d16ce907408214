/** How busy an instance is at this moment. */
export interface InstanceStats {
  readonly instanceId: string;
  readonly routing: number;
  readonly offered: number;
  readonly queued: number;
  readonly inProgress: number;
  readonly waiting: number;
  readonly blocked: number;
  /** Offers to it that nobody has answered. */
  readonly pendingOffers: number;
  /** Open leases, and how many there may be; null: it does no work. */
  readonly slotsUsed: number;
  readonly slotLimit: number | null;
  /** Since when the task waits that has waited longest. */
  readonly oldestQueuedAt: Date | null;
}
