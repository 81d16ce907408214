import type { InstanceRef } from './chain.ts';
import type { Delegation } from './delegation.ts';
import type { Task } from './task.ts';

/** Something that waits for a person: an offer to decide, or a task that is held. */
export interface InboxItem {
  readonly kind: 'offer' | 'held' | 'question';
  readonly since: Date;
  readonly instance: InstanceRef;
  readonly task: Task;
  readonly delegation: Delegation | null;
}
