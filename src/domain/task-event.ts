import type { Actor } from './actor.ts';
import type { JsonObject } from './json.ts';

/** One line of a task's audit trail. */
export interface TaskEvent {
  readonly taskId: string;
  readonly seq: number;
  readonly type: string;
  readonly at: Date;
  readonly actor: Pick<Actor, 'name' | 'role'>;
  readonly data: JsonObject;
}

/** One line of an instance's audit trail. */
export interface InstanceEvent {
  readonly instanceId: string;
  readonly seq: number;
  readonly type: string;
  readonly at: Date;
  readonly actor: Pick<Actor, 'name' | 'role'>;
  readonly data: JsonObject;
}
