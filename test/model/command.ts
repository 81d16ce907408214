import type { Place, Want } from './tree.ts';
import type { Join } from '../../src/domain/parts/part.ts';
import type { Priority } from '../../src/domain/task.ts';

export type Person = 'ana' | 'bob';

/**
 * One command as data, so that a sequence can be written down and run again. Tasks, hops, leases and earlier commands are
 * named by a number, counted modulo how many there are; hops and leases from the last one backwards.
 */
export type Command = Deed & {
  /** Its number counts those alone with which the command can do something, if there are any. */
  readonly likely?: boolean;
};

type Deed =
  | {
      readonly kind: 'submit';
      readonly at: Place;
      readonly want: Want;
      readonly isComplex: boolean;
      readonly priority: Priority;
    }
  | { readonly kind: 'accept'; readonly task: number; readonly hop: number; readonly by: Person }
  | {
      readonly kind: 'reject';
      readonly task: number;
      readonly hop: number;
      readonly by: Person;
      readonly retryable: boolean;
    }
  | { readonly kind: 'complete'; readonly task: number; readonly by: Person; readonly force: boolean }
  | { readonly kind: 'complete_hop'; readonly task: number; readonly hop: number; readonly by: Person }
  | { readonly kind: 'fail'; readonly task: number; readonly by: Person; readonly force: boolean }
  | { readonly kind: 'cancel'; readonly task: number; readonly by: Person }
  | { readonly kind: 'escalate'; readonly task: number; readonly by: Person }
  | { readonly kind: 'reroute'; readonly task: number; readonly by: Person; readonly force: boolean }
  | { readonly kind: 'reassign'; readonly task: number; readonly to: Place; readonly by: Person }
  | { readonly kind: 'retry'; readonly task: number; readonly by: Person }
  | {
      readonly kind: 'decompose';
      readonly task: number;
      readonly by: Person;
      readonly parts: number;
      readonly join: Join;
    }
  | { readonly kind: 'answer'; readonly task: number; readonly by: Person }
  | { readonly kind: 'claim'; readonly at: Place; readonly worker: string }
  /** A claim at the instance where this task is. */
  | { readonly kind: 'claim_where'; readonly task: number; readonly worker: string }
  | { readonly kind: 'heartbeat' | 'finish' | 'fail_attempt' | 'release' | 'ask'; readonly lease: number }
  | { readonly kind: 'start' | 'pause' | 'resume'; readonly at: Place }
  | { readonly kind: 'stop'; readonly at: Place; readonly force: boolean }
  /** The same request once more, under its old id. */
  | { readonly kind: 'repeat'; readonly command: number }
  /** The worker is stopped, with all that it has in memory, and another one started. */
  | { readonly kind: 'restart_worker' };

export type CommandKind = Command['kind'];

/** What a command is answered with. */
export type Answer = { readonly kind: 'done' } | { readonly kind: 'nothing' } | Refusal;

export interface Refusal {
  readonly kind: 'refused';
  readonly code: string;
  /** The state that the words have to name. */
  readonly names: string | null;
}

export const DONE = { kind: 'done' } as const satisfies Answer;
/** A claim that found nothing to do. */
export const NOTHING = { kind: 'nothing' } as const satisfies Answer;

/** A "no" with the state that it names. */
export function refused(code: string, names: string | null = null): Refusal {
  return { kind: 'refused', code, names };
}

/** A sequence as it is saved. */
export interface Sequence {
  /** What it is about, for whoever reads the file. */
  readonly about: string;
  readonly onUnroutable: 'hold' | 'reject';
  readonly commands: readonly Command[];
}
