import type { InboxItem } from '../../domain/inbox.ts';
import type { InboxItemResponse } from '../../domain/inbox.schema.ts';
import { presentDelegation } from './delegation.presenter.ts';
import { presentTask } from './task.presenter.ts';
import { time } from './time.ts';

export function presentInboxItem({ kind, since, instance, task, delegation }: InboxItem): InboxItemResponse {
  return {
    kind,
    since: time(since),
    instance,
    task: presentTask(task),
    delegation: delegation === null ? null : presentDelegation(delegation),
  };
}
