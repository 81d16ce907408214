import type { JsonObject } from '../json.ts';
import type { Priority, TaskStatus } from '../task.ts';

/** When the parts of a task end it: all of them done, the first one done, or none left to wait for (rule J2). */
export const JOINS = ['all', 'any', 'best_effort'] as const;
export type Join = (typeof JOINS)[number];

/** A task is split into this many parts at most. */
export const MAX_PARTS = 500;

/** Parts of parts are nested this deep at most. */
const MAX_PART_DEPTH = 5;

/** Parts of parts are nested so deep and no deeper (rule J4). */
export function isDeepest({ partDepth }: { readonly partDepth: number }): boolean {
  return partDepth >= MAX_PART_DEPTH;
}

/** One part, as somebody asks for it. */
export interface PartSpec {
  /** Its name among the parts of its task. */
  readonly key: string;
  readonly title: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  /** null: that of the whole task. */
  readonly priority: Priority | null;
  /** Minutes. */
  readonly estimatedDuration: number | null;
  readonly metadata: JsonObject;
  /** The keys of the parts that have to be completed before this one begins. */
  readonly after: readonly string[];
}

/** One part, as it stands while its task is judged. */
export interface Part {
  readonly id: string;
  readonly key: string;
  readonly no: number;
  readonly status: TaskStatus;
  /** The ids of the parts that have to be completed before this one begins. */
  readonly after: readonly string[];
  /** It may begin; its task starts it. */
  readonly isReleased: boolean;
  /** It never began, because one that it had to wait for did not complete. */
  readonly isSkipped: boolean;
  readonly finishedAt: Date | null;
}
