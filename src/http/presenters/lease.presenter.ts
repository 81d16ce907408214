import type { AttemptResponse, ClaimResponse, LeaseResponse } from '../../domain/lease.schema.ts';
import { type Lease, heartbeatSecondsOf } from '../../domain/lease.ts';
import type { ClaimedWork } from '../../service/hopper-service.ts';
import { presentTask } from './task.presenter.ts';
import { time } from './time.ts';

export function presentLease({ id, attempt, expiresAt, timeoutSeconds }: Lease): LeaseResponse {
  return { id, attempt, expires_at: time(expiresAt), heartbeat_seconds: heartbeatSecondsOf(timeoutSeconds) };
}

export function presentClaim({ task, lease, token }: ClaimedWork): ClaimResponse {
  return { task: presentTask(task), lease: { ...presentLease(lease), token } };
}

export function presentAttempt(lease: Lease): AttemptResponse {
  return {
    id: lease.id,
    task_id: lease.taskId,
    instance_id: lease.instanceId,
    slot_no: lease.slotNo,
    worker_id: lease.workerId,
    attempt: lease.attempt,
    started_at: time(lease.startedAt),
    heartbeat_at: time(lease.heartbeatAt),
    expires_at: time(lease.expiresAt),
    progress_note: lease.progressNote,
    progress_percent: lease.progressPercent,
    ended_at: time(lease.endedAt),
    outcome: lease.outcome,
    reason: lease.reason,
    output: lease.output,
  };
}
