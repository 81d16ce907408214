import type { Actor } from './actor.ts';
import type { Json } from './json.ts';
import type { Join, PartSpec } from './parts/part.ts';

/** What somebody, or a timer, wants done with a task. */
export type TaskCommand =
  | { readonly kind: 'accept'; readonly delegationId: string; readonly notes?: string | null }
  | {
      readonly kind: 'reject';
      readonly delegationId: string;
      readonly reason: string;
      readonly code?: string | null;
      readonly retryable?: boolean;
    }
  | {
      readonly kind: 'complete';
      readonly delegationId?: string | null;
      readonly leaseId?: string | null;
      readonly force?: boolean;
      readonly result?: Json;
    }
  | {
      readonly kind: 'fail';
      readonly delegationId?: string | null;
      readonly leaseId?: string | null;
      readonly force?: boolean;
      readonly reason: string;
    }
  | {
      readonly kind: 'decompose';
      readonly delegationId?: string | null;
      readonly leaseId?: string | null;
      readonly force?: boolean;
      readonly parts: readonly PartSpec[];
      readonly join: Join;
    }
  | { readonly kind: 'cancel'; readonly reason?: string | null }
  | { readonly kind: 'escalate'; readonly reason: string }
  | {
      readonly kind: 'reroute';
      readonly reason?: string | null;
      readonly force?: boolean;
      /** Only if the task is held when the command arrives: nobody is to lose a task that has gone on meanwhile. */
      readonly onlyHeld?: boolean;
    }
  | {
      readonly kind: 'reassign';
      readonly targetInstanceId: string;
      readonly delegationType: 'route' | 'reassign';
      readonly notes?: string | null;
    }
  | { readonly kind: 'expire'; readonly delegationId: string }
  | { readonly kind: 'leave'; readonly instanceId: string; readonly reason: string; readonly force?: boolean }
  /** A lease is past its time and the attempts at this instance are used up. */
  | { readonly kind: 'lapse'; readonly leaseId: string }
  /** A due time, as ISO 8601, has passed. */
  | { readonly kind: 'overdue'; readonly dueAt: string }
  /** A worker of Temporal's is done without a result: its attempt failed, or can never succeed; it was lost, or never begun. */
  | {
      readonly kind: 'end_attempt';
      readonly leaseId: string;
      readonly outcome: 'failed' | 'hopeless' | 'expired' | 'untried';
      readonly reason: string;
    };

/** A command on its way to the database: who, what, its id, and the step of the task that it was judged by (law 3). */
export interface CommandEnvelope {
  readonly taskId: string;
  readonly commandId: string;
  readonly expectedStep: number;
  readonly actor: Actor;
  readonly via: 'signal' | 'update' | 'hopper';
  readonly command: TaskCommand;
}
