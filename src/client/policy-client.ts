import { KeptPolicyResponse, PolicyPublishedResponse, PolicyResponse } from '../domain/published-policy.schema.ts';
import type { CommandOptions } from './tasks-client.ts';
import type { Transport } from './transport.ts';

/** `/api/v1/policy` and `/api/v1/policies`. */
export class PolicyClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  inForce(): Promise<PolicyResponse> {
    return this.#transport.call({ path: '/api/v1/policy', answer: PolicyResponse });
  }

  /** A policy by the hash that a decision carries. */
  get(hash: string): Promise<KeptPolicyResponse> {
    return this.#transport.call({ path: `/api/v1/policies/${encodeURIComponent(hash)}`, answer: KeptPolicyResponse });
  }

  /** Puts a policy, as YAML text, into force for every worker. */
  publish(text: string, options: CommandOptions = {}): Promise<PolicyPublishedResponse> {
    const path = '/api/v1/policy';
    return this.#transport.call({ ...options, method: 'POST', path, body: { text }, answer: PolicyPublishedResponse });
  }
}
