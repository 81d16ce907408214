import { type RawValue, defaultPayloadConverter } from '@temporalio/common';
import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/workflow';
import { HOPPER } from '../src/domain/actor.ts';
import type { Execution } from '../src/domain/execution.ts';
import type { Json } from '../src/domain/json.ts';
import type { TaskCommand } from '../src/domain/task-command.ts';
import type { Ordered } from './carry-out.ts';
import { jsonProblem } from '../src/domain/plain-problems.ts';

const LONGEST_REASON = 2_000;
const UNSTORABLE = /[\0\p{Surrogate}]/gu;

type EndAttempt = Extract<TaskCommand, { kind: 'end_attempt' }>;

/** What a worker answered: the task's result, or a failed attempt where it cannot be one (rule U3). */
export function afterResult(execution: Execution, answered: RawValue | undefined): Ordered {
  const { leaseId } = execution;
  const result = decoded(answered);
  const problem = ArrayBuffer.isView(result) ? 'must be JSON, and is binary' : jsonProblem(result);
  if (problem !== null) return byWorker(execution, 'failed', `its result cannot be kept: it ${problem}`);
  return ordered(execution, { kind: 'complete', leaseId, result: result as Json });
}

/** Why a worker gave no result: it failed, for now or for good, was not heard, or nobody took the task (rules U4 and U5). */
export function afterFailure(execution: Execution, error: unknown): Ordered {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  if (cause instanceof TimeoutFailure) return afterTimeout(execution, cause);
  if (cause instanceof CancelledFailure) return byWorker(execution, 'failed', 'cancelled by its worker');
  const isForGood = cause instanceof ApplicationFailure && cause.nonRetryable === true;
  return byWorker(execution, isForGood ? 'hopeless' : 'failed', wordsOf(cause));
}

/** An attempt that this run of the workflow knows nothing of: nobody would hear its answer (rule U6). */
export function lost(leaseId: string, taskQueue: string): Ordered {
  const reason = `its worker on the task queue "${taskQueue}" was lost with the workflow run that had started it`;
  return byHopper({ kind: 'end_attempt', leaseId, outcome: 'expired', reason });
}

/** What cannot be decoded is no JSON, and is shown as what it is: binary. */
function decoded(answered: RawValue | undefined): unknown {
  if (answered === undefined) return null;
  try {
    return defaultPayloadConverter.fromPayload<unknown>(answered.payload) ?? null;
  } catch {
    return new Uint8Array();
  }
}

function afterTimeout(execution: Execution, { timeoutType }: TimeoutFailure): Ordered {
  const { leaseId, taskQueue, heartbeatMs, startToCloseMs, scheduleToStartMs } = execution;
  const worker = `a worker on the task queue "${taskQueue}"`;
  if (timeoutType === 'SCHEDULE_TO_START') {
    const reason = `${worker} did not take it within ${seconds(scheduleToStartMs)}`;
    return byHopper({ kind: 'end_attempt', leaseId, outcome: 'untried', reason });
  }
  const reason =
    timeoutType === 'HEARTBEAT'
      ? `${worker} was not heard for ${seconds(heartbeatMs)}`
      : `${worker} was not done within ${seconds(startToCloseMs)}`;
  return byHopper({ kind: 'end_attempt', leaseId, outcome: 'expired', reason });
}

function byWorker(execution: Execution, outcome: EndAttempt['outcome'], reason: string): Ordered {
  return ordered(execution, { kind: 'end_attempt', leaseId: execution.leaseId, outcome, reason });
}

function ordered({ leaseId, workerId }: Execution, command: TaskCommand): Ordered {
  const actor = { name: workerId, role: 'worker', subtree: null } as const;
  return { commandId: `push/${leaseId}`, actor, via: 'hopper', command };
}

function byHopper(command: EndAttempt): Ordered {
  return { commandId: `push/${command.leaseId}`, actor: HOPPER, via: 'hopper', command };
}

/** What a worker says of its failure, as PostgreSQL can keep it. */
function wordsOf(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : '';
  const type = cause instanceof ApplicationFailure ? (cause.type ?? '') : '';
  const words = said.trim() === '' ? type : said;
  const kept = words.replaceAll(UNSTORABLE, '\u{FFFD}').slice(0, LONGEST_REASON).replaceAll(UNSTORABLE, '');
  return kept.trim() === '' ? 'it failed without a word' : kept;
}

function seconds(milliseconds: number): string {
  return `${String(milliseconds / 1_000)} s`;
}
