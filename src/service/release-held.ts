import { HOPPER } from '../domain/actor.ts';
import { type CommandAnswer, rerouteUpdate } from '../../workflows/messages.ts';
import type { TaskGateway } from './task-gateway.ts';

/** A held task, at the step at which it was seen. */
export interface TaskToRelease {
  readonly id: string;
  readonly title: string;
  readonly step: number;
}

export type ReleaseHeld = (task: TaskToRelease) => Promise<void>;

const REASON = 'the policy or the instances have changed';

/** Has a held task decided anew; its id and step make a repeat, also one by another worker, the same command (rule R9). */
export function createReleaseHeld(gateway: Pick<TaskGateway, 'order' | 'start'>): ReleaseHeld {
  const order = ({ id, step }: TaskToRelease): Promise<CommandAnswer | null> => {
    const message = { by: HOPPER, reason: REASON, onlyHeld: true };
    return gateway.order({ taskId: id, definition: rerouteUpdate, message, updateId: `held/${id}/${String(step)}` });
  };
  return async (task) => {
    if ((await order(task)) !== null) return;
    await gateway.start(task);
    await order(task);
  };
}
