import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Conflict } from '../src/domain/commands/verdict.ts';
import type { DrainReport } from '../src/domain/drain.ts';
import type { InstanceStatus } from '../src/domain/instance.ts';
import type { Json } from '../src/domain/json.ts';
import type { Join } from '../src/domain/parts/part.ts';
import type { SnapshotLink } from '../src/domain/task-snapshot.ts';
import type { Failure, TaskStatus } from '../src/domain/task.ts';

/** Who commands: a name, or a name with a role. */
export type By = string | { readonly name: string; readonly role?: string; readonly subtree?: string | null };

export interface AcceptMessage {
  readonly delegationId: string;
  readonly by: By;
  readonly notes?: string | null;
}
export interface RejectMessage {
  readonly delegationId: string;
  readonly by: By;
  readonly reason: string;
  readonly code?: string | null;
  readonly retryable?: boolean;
}
export interface CompleteMessage {
  readonly by: By;
  readonly delegationId?: string | null;
  readonly leaseId?: string | null;
  readonly force?: boolean;
  readonly result?: Json;
}
export interface FailMessage {
  readonly by: By;
  readonly reason: string;
  readonly delegationId?: string | null;
  readonly leaseId?: string | null;
  readonly force?: boolean;
}
export interface DecomposeMessage {
  readonly by: By;
  readonly parts: readonly unknown[];
  readonly join?: Join;
  readonly delegationId?: string | null;
  readonly leaseId?: string | null;
  readonly force?: boolean;
}
export interface CancelMessage {
  readonly by: By;
  readonly reason?: string | null;
}
export interface EscalateMessage {
  readonly by: By;
  readonly reason: string;
}
export interface RerouteMessage {
  readonly by: By;
  readonly reason?: string | null;
  readonly force?: boolean;
  readonly onlyHeld?: boolean;
}
export interface ReassignMessage {
  readonly by: By;
  readonly targetInstanceId: string;
  readonly delegationType?: 'route' | 'reassign';
  readonly notes?: string | null;
}

export interface LeaveMessage {
  readonly by: By;
  readonly instanceId: string;
  readonly reason: string;
  readonly force?: boolean;
}

/** What an update answers: what came of it, and how the task now stands. */
export interface CommandAnswer {
  readonly verdict: 'done' | 'conflict' | 'gone';
  readonly code?: Conflict['code'];
  readonly detail?: string;
  readonly row: { readonly status: TaskStatus; readonly step: number; readonly instanceId: string } | null;
}

/** How a task ended; results stay in the database. */
export interface TaskOutcome {
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly failure: Failure | null;
}

/** What the query `delegationChain` answers. */
export interface ChainAnswer {
  readonly taskId: string;
  readonly chain: readonly SnapshotLink[];
  readonly originInstanceId: string | null;
  readonly currentInstanceId: string | null;
}

/** What the query `taskState` answers. */
export interface StateAnswer {
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly step: number;
  readonly holder: string | null;
  readonly waitsFor: string;
  readonly offer: { readonly delegationId: string; readonly to: string } | null;
}

/** How a drain ended: `stopped`, or what else the instance is by now; null: there is none. */
export interface DrainOutcome {
  readonly instanceId: string;
  readonly status: InstanceStatus | null;
}

/** What the query `drainState` answers. */
export interface DrainState extends DrainOutcome {
  readonly passes: number;
  readonly left: DrainReport['left'];
}

export const TASK_WORKFLOW = 'taskWorkflow';
export const DRAIN_WORKFLOW = 'drainWorkflow';

export const acceptSignal = defineSignal<[AcceptMessage]>('acceptDelegation');
export const rejectSignal = defineSignal<[RejectMessage]>('rejectDelegation');
export const completeSignal = defineSignal<[CompleteMessage]>('completeTask');
export const rereadSignal = defineSignal('reread');

export const acceptUpdate = defineUpdate<CommandAnswer, [AcceptMessage]>('acceptDelegation');
export const rejectUpdate = defineUpdate<CommandAnswer, [RejectMessage]>('rejectDelegation');
export const completeUpdate = defineUpdate<CommandAnswer, [CompleteMessage]>('completeTask');
export const failUpdate = defineUpdate<CommandAnswer, [FailMessage]>('failTask');
export const decomposeUpdate = defineUpdate<CommandAnswer, [DecomposeMessage]>('decomposeTask');
export const cancelUpdate = defineUpdate<CommandAnswer, [CancelMessage]>('cancelTask');
export const escalateUpdate = defineUpdate<CommandAnswer, [EscalateMessage]>('escalateTask');
export const rerouteUpdate = defineUpdate<CommandAnswer, [RerouteMessage]>('rerouteTask');
export const reassignUpdate = defineUpdate<CommandAnswer, [ReassignMessage]>('reassignTask');
export const leaveUpdate = defineUpdate<CommandAnswer, [LeaveMessage]>('leaveInstance');

export const chainQuery = defineQuery<ChainAnswer>('delegationChain');
export const stateQuery = defineQuery<StateAnswer>('taskState');
export const drainStateQuery = defineQuery<DrainState>('drainState');
