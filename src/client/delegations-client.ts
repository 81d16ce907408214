import type { z } from 'zod';
import {
  type AcceptBody,
  type CompleteDelegationBody,
  type RejectBody,
  TaskDelegationResponse,
} from '../domain/delegation.schema.ts';
import type { CommandOptions } from './tasks-client.ts';
import type { Transport } from './transport.ts';

/** `/api/v1/delegations`. */
export class DelegationsClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(id: string): Promise<TaskDelegationResponse> {
    return this.#transport.call({ path: pathOf(id), answer: TaskDelegationResponse });
  }

  accept(
    id: string,
    body: z.input<typeof AcceptBody> = {},
    options: CommandOptions = {},
  ): Promise<TaskDelegationResponse> {
    return this.#decide(id, 'accept', body, options);
  }

  reject(id: string, body: z.input<typeof RejectBody>, options: CommandOptions = {}): Promise<TaskDelegationResponse> {
    return this.#decide(id, 'reject', body, options);
  }

  complete(
    id: string,
    body: z.input<typeof CompleteDelegationBody> = {},
    options: CommandOptions = {},
  ): Promise<TaskDelegationResponse> {
    return this.#decide(id, 'complete', body, options);
  }

  #decide(id: string, verb: string, body: unknown, options: CommandOptions): Promise<TaskDelegationResponse> {
    const path = `${pathOf(id)}/${verb}`;
    return this.#transport.call({ ...options, method: 'POST', path, body, answer: TaskDelegationResponse });
  }
}

function pathOf(id: string): string {
  return `/api/v1/delegations/${encodeURIComponent(id)}`;
}
