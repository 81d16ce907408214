import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { RequestContext } from '../service/hopper-service.ts';
import type { Identify } from './app.ts';

/** Who asks, and the id under which a repeat is known. */
export function contextOf(request: FastifyRequest, identify: Identify): RequestContext {
  const key = request.headers['idempotency-key'];
  const actor = identify(request);
  return typeof key === 'string' ? { actor, requestId: key, isKeyed: true } : { actor, requestId: randomUUID() };
}
