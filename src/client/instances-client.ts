import type { z } from 'zod';
import { TaskDelegationResponse } from '../domain/delegation.schema.ts';
import { InstanceEventResponse } from '../domain/event.schema.ts';
import { InboxItemResponse } from '../domain/inbox.schema.ts';
import {
  type InstanceCreate,
  type InstancePatch,
  InstanceResponse,
  InstanceStatsResponse,
  type InstanceStop,
  InstanceTreeResponse,
} from '../domain/instance.schema.ts';
import type { InstanceVerb } from '../domain/instance.ts';
import type { InstanceListQuery } from '../domain/instance-query.schema.ts';
import { type ClaimBody, ClaimResponse } from '../domain/lease.schema.ts';
import { pageOf } from '../domain/page.schema.ts';
import { TaskResponse } from '../domain/task.schema.ts';
import type { CommandOptions } from './tasks-client.ts';
import type { Transport } from './transport.ts';

const Instances = pageOf(InstanceResponse);
const Trees = pageOf(InstanceTreeResponse);
const Tasks = pageOf(TaskResponse);
const Delegations = pageOf(TaskDelegationResponse);
const Inbox = pageOf(InboxItemResponse);
const InstanceEvents = pageOf(InstanceEventResponse);
const Claim = ClaimResponse.nullable();

/** `/api/v1/instances`, and what is known of all of them together. */
export class InstancesClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(query: Partial<InstanceListQuery> = {}): Promise<z.infer<typeof Instances>> {
    return this.#transport.call({ path: '/api/v1/instances', query, answer: Instances });
  }

  get(id: string): Promise<InstanceResponse> {
    return this.#transport.call({ path: pathOf(id), answer: InstanceResponse });
  }

  create(body: z.input<typeof InstanceCreate>, options: CommandOptions = {}): Promise<InstanceResponse> {
    return this.#transport.call({
      ...options,
      method: 'POST',
      path: '/api/v1/instances',
      body,
      answer: InstanceResponse,
    });
  }

  patch(id: string, body: InstancePatch, options: CommandOptions = {}): Promise<InstanceResponse> {
    return this.#transport.call({ ...options, method: 'PATCH', path: pathOf(id), body, answer: InstanceResponse });
  }

  /** Answered before the tasks have moved away: ask until the status is `stopped`. */
  stop(id: string, body: z.input<typeof InstanceStop> = {}, options: CommandOptions = {}): Promise<InstanceResponse> {
    const path = `${pathOf(id)}/stop`;
    return this.#transport.call({ ...options, method: 'POST', path, body, answer: InstanceResponse });
  }

  move(id: string, verb: InstanceVerb, options: CommandOptions = {}): Promise<InstanceResponse> {
    return this.#transport.call({
      ...options,
      method: 'POST',
      path: `${pathOf(id)}/${verb}`,
      answer: InstanceResponse,
    });
  }

  /** Terminates it, a live one once it is stopped; its row and its events stay. */
  delete(id: string, body: z.input<typeof InstanceStop> = {}, options: CommandOptions = {}): Promise<InstanceResponse> {
    return this.#transport.call({ ...options, method: 'DELETE', path: pathOf(id), body, answer: InstanceResponse });
  }

  /** Takes the next task; null if nothing is queued, or no slot is free, for as long as `wait_seconds` says. */
  claim(
    id: string,
    body: z.input<typeof ClaimBody>,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<ClaimResponse | null> {
    return this.#transport.call({ ...options, method: 'POST', path: `${pathOf(id)}/claim`, body, answer: Claim });
  }

  tree(id: string): Promise<InstanceTreeResponse> {
    return this.#transport.call({ path: `${pathOf(id)}/tree`, answer: InstanceTreeResponse });
  }

  /** Every tree there is. */
  forest(): Promise<z.infer<typeof Trees>> {
    return this.#transport.call({ path: '/api/v1/tree', answer: Trees });
  }

  queue(id: string): Promise<z.infer<typeof Tasks>> {
    return this.#transport.call({ path: `${pathOf(id)}/queue`, answer: Tasks });
  }

  /** How busy it is at this moment. */
  stats(id: string): Promise<InstanceStatsResponse> {
    return this.#transport.call({ path: `${pathOf(id)}/stats`, answer: InstanceStatsResponse });
  }

  pendingDelegations(id: string): Promise<z.infer<typeof Delegations>> {
    return this.#transport.call({ path: `${pathOf(id)}/pending-delegations`, answer: Delegations });
  }

  /** What waits for a person in the subtree of an instance, or anywhere. */
  inbox(id: string | null = null): Promise<z.infer<typeof Inbox>> {
    return this.#transport.call({ path: id === null ? '/api/v1/inbox' : `${pathOf(id)}/inbox`, answer: Inbox });
  }

  events(id: string): Promise<z.infer<typeof InstanceEvents>> {
    return this.#transport.call({ path: `${pathOf(id)}/events`, answer: InstanceEvents });
  }
}

function pathOf(id: string): string {
  return `/api/v1/instances/${encodeURIComponent(id)}`;
}
