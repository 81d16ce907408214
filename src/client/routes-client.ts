import { type PreviewBodyInput, RoutePreviewResponse } from '../domain/route-preview.schema.ts';
import type { Transport } from './transport.ts';

/** `/api/v1/routes`. */
export class RoutesClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Every decision that a task would get; changes nothing. */
  preview(body: PreviewBodyInput): Promise<RoutePreviewResponse> {
    return this.#transport.call({
      method: 'POST',
      path: '/api/v1/routes/preview',
      body,
      answer: RoutePreviewResponse,
    });
  }
}
