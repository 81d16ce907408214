import type { z } from 'zod';
import {
  type AskBody,
  type CompleteLeaseBody,
  type FailLeaseBody,
  type HeartbeatBody,
  HeartbeatResponse,
  type ReleaseLeaseBody,
} from '../domain/lease.schema.ts';
import type { DecomposeLeaseInput } from '../domain/parts/part.schema.ts';
import { TaskResponse } from '../domain/task.schema.ts';
import type { Transport } from './transport.ts';

/** Breaks a call off. */
interface CallOptions {
  readonly signal?: AbortSignal;
}

/** `/api/v1/leases`, for whoever claimed a task; each call shows the token that came with the lease. */
export class LeasesClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Throws HopperApiError 409 once the lease is lost: stop working on the task. */
  heartbeat(
    id: string,
    token: string,
    body: z.input<typeof HeartbeatBody> = {},
    options: CallOptions = {},
  ): Promise<HeartbeatResponse> {
    return this.#transport.call({ ...options, ...callOf(id, 'heartbeat', token), body, answer: HeartbeatResponse });
  }

  /** Puts a question before a person; the answer comes with a heartbeat. */
  ask(id: string, token: string, body: z.input<typeof AskBody>, options: CallOptions = {}): Promise<TaskResponse> {
    return this.#transport.call({ ...options, ...callOf(id, 'ask', token), body, answer: TaskResponse });
  }

  /** Finishes the task; may be repeated with the same result. */
  complete(
    id: string,
    token: string,
    body: z.input<typeof CompleteLeaseBody> = {},
    options: CallOptions = {},
  ): Promise<TaskResponse> {
    return this.#transport.call({ ...options, ...callOf(id, 'complete', token), body, answer: TaskResponse });
  }

  /** Ends the attempt as failed; the task is tried again while it has retries left. */
  fail(
    id: string,
    token: string,
    body: z.input<typeof FailLeaseBody>,
    options: CallOptions = {},
  ): Promise<TaskResponse> {
    return this.#transport.call({ ...options, ...callOf(id, 'fail', token), body, answer: TaskResponse });
  }

  /** Splits the task into parts; it waits for them and the lease has ended. */
  decompose(id: string, token: string, body: DecomposeLeaseInput, options: CallOptions = {}): Promise<TaskResponse> {
    return this.#transport.call({ ...options, ...callOf(id, 'decompose', token), body, answer: TaskResponse });
  }

  /** Gives the task back untried. */
  release(
    id: string,
    token: string,
    body: z.input<typeof ReleaseLeaseBody> = {},
    options: CallOptions = {},
  ): Promise<TaskResponse> {
    return this.#transport.call({ ...options, ...callOf(id, 'release', token), body, answer: TaskResponse });
  }
}

interface LeaseCall {
  readonly method: 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The token goes into a header: addresses are logged. */
function callOf(id: string, verb: string, token: string): LeaseCall {
  return {
    method: 'POST',
    path: `/api/v1/leases/${encodeURIComponent(id)}/${verb}`,
    headers: { 'hopper-lease-token': token },
  };
}
