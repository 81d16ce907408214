import { AuditResponse } from '../domain/audit/finding.schema.ts';
import type { Transport } from './transport.ts';

const LONGEST_MS = 300_000;

/** `/api/v1/audit`. */
export class AuditClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Holds every promise against the records and against Temporal; changes nothing, and takes longer the more tasks there are. */
  run(): Promise<AuditResponse> {
    return this.#transport.call({ path: '/api/v1/audit', timeoutMs: LONGEST_MS, answer: AuditResponse });
  }
}
