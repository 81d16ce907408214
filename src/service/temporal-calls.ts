import {
  type Client,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcServiceError,
} from '@temporalio/client';
import { DomainError } from '../domain/errors.ts';

/** Runs a call to Temporal within a deadline; whatever goes wrong is told in the words of the domain. */
export type Within = <Result>(work: () => Promise<Result>, ms?: number) => Promise<Result>;

/** Longer than the 10 seconds after which Temporal gives the step of a worker that died to another one. */
const DEADLINE_MS = 20_000;
const LONGEST_SUMMARY = 200;
const GRPC = { deadlineExceeded: 4, resourceExhausted: 8 } as const;

export function withinDeadline(client: Client): Within {
  return (work, ms = DEADLINE_MS) =>
    client.withDeadline(Date.now() + ms, work).catch((error: unknown) => {
      throw asDomainError(error);
    });
}

/** The Temporal UI reads a summary as Markdown, in which a title must not lose what looks like a tag. */
export function summaryOf(title: string): string {
  return title.slice(0, LONGEST_SUMMARY).replaceAll('<', '\\<');
}

function asDomainError(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError) {
    return new DomainError('invalid_input', error.cause?.message ?? error.message, { cause: error });
  }
  const code = grpcCodeOf(error);
  if (code === GRPC.resourceExhausted) {
    return new DomainError('too_many_commands', 'too many commands for this task are under way: repeat it', {
      cause: error,
    });
  }
  if (code === GRPC.deadlineExceeded || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    const detail =
      'no answer in time: is a worker running? What was asked may still be done; repeat it with the same Idempotency-Key';
    return new DomainError('temporal_unavailable', detail, { cause: error });
  }
  if (code !== null)
    return new DomainError('temporal_unavailable', 'Temporal cannot be reached: repeat the request', { cause: error });
  return error;
}

function grpcCodeOf(error: unknown): number | null {
  if (isGrpcServiceError(error)) return error.code;
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) ? cause.code : null;
}
