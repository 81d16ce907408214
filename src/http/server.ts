import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { App, RouteDeps } from './app.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { answerError, sendProblem } from './errors.ts';
import { BODY_LIMIT, readJsonBodies } from './json-body.ts';
import { openApiRoute } from './openapi/openapi.routes.ts';
import { problem } from './problem.ts';
import { collectRoutes, refuseUnknownRoutes } from './route-table.ts';
import { delegationRoutes } from './routes/delegation.routes.ts';
import { healthRoutes } from './routes/health.routes.ts';
import { instanceRoutes } from './routes/instance.routes.ts';
import { instanceViewRoutes } from './routes/instance-view.routes.ts';
import { leaseRoutes } from './routes/lease.routes.ts';
import { auditRoutes } from './routes/audit.routes.ts';
import { policyRoutes } from './routes/policy.routes.ts';
import { routePreviewRoutes } from './routes/route-preview.routes.ts';
import { taskExplainRoutes } from './routes/task-explain.routes.ts';
import { taskMoveRoutes } from './routes/task-move.routes.ts';
import { taskRetryRoutes } from './routes/task-retry.routes.ts';
import { taskRecordRoutes } from './routes/task-record.routes.ts';
import { taskRoutes } from './routes/task.routes.ts';

const REQUEST_TIMEOUT_MS = 30_000;

/** What the HTTP API is built from. */
export interface HttpServerDeps extends RouteDeps {
  readonly log: Logger;
}

/** The HTTP API, not yet listening; nothing but transport. */
export function createHttpServer({ log, ...deps }: HttpServerDeps): App {
  const app: App = Fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS, // a client that stops in the middle of a request must not hold the close up
    forceCloseConnections: 'idle',
    return503OnClosing: false, // a request that came in time is answered like any other
    frameworkErrors: answerBadUrl,
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError(log));
  readJsonBodies(app);
  logRequests(app, log);
  const routes = collectRoutes(app);
  for (const declare of [
    taskRoutes,
    taskRecordRoutes,
    taskExplainRoutes,
    taskMoveRoutes,
    taskRetryRoutes,
    delegationRoutes,
    instanceRoutes,
    instanceViewRoutes,
    leaseRoutes,
    policyRoutes,
    auditRoutes,
    routePreviewRoutes,
    healthRoutes,
  ]) {
    declare(app, deps);
  }
  openApiRoute(app, routes);
  refuseUnknownRoutes(app, [...routes]);
  return app;
}

function answerBadUrl(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const isTooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH'; // an id of no kind that we give
  sendProblem(
    reply,
    isTooLong
      ? problem('route_not_found', 'there is no such id')
      : problem('invalid_input', error.message.slice(0, 300)),
  );
}

function logRequests(app: App, log: Logger): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method, url } = request;
    log.debug({ method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
    done();
  });
}
