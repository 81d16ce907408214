import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Actor } from '../domain/actor.ts';
import type { HopperService } from '../service/hopper-service.ts';

/** The fastify instance, with the types of zod's schemas in every handler. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Says who sends a request. */
export type Identify = (request: FastifyRequest) => Actor;

/** What the routes need. */
export interface RouteDeps {
  readonly service: HopperService;
  readonly identify: Identify;
}

/** Where the API of this version lives. */
export const API = '/api/v1';
