import type { FastifyInstance, FastifySchema, HTTPMethods } from 'fastify';
import { problem } from './problem.ts';
import { sendProblem } from './errors.ts';

/** A route as it was declared. */
export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly schema: FastifySchema;
}

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Remembers every route that is declared after this call. */
export function collectRoutes(app: FastifyInstance): DeclaredRoute[] {
  const routes: DeclaredRoute[] = [];
  app.addHook('onRoute', ({ method, url, schema = {} }) => {
    for (const each of [method].flat()) if (each !== 'HEAD') routes.push({ method: each, url, schema });
  });
  return routes;
}

/** A known path with an unknown method is told which methods it has (405), everything else that it is no route (404). */
export function refuseUnknownRoutes(app: FastifyInstance, routes: readonly DeclaredRoute[]): void {
  for (const url of new Set(routes.map((route) => route.url))) {
    const allowed = routes.filter((route) => route.url === url).map(({ method }) => method);
    const refused = METHODS.filter((method) => !allowed.includes(method));
    app.route({
      method: refused,
      url,
      // Before the body is read: nobody needs to send a good one to hear that there is no such method.
      onRequest: (request, reply) => {
        void reply.header('allow', allowed.join(', '));
        const detail = `${request.method} is no method of this path; it has ${allowed.join(', ')}`;
        sendProblem(reply, problem('method_not_allowed', detail));
      },
      handler: () => undefined,
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const detail = `there is no such route: ${request.method} ${path.slice(0, 200)}; /openapi.json lists all there are`;
    sendProblem(reply, problem('route_not_found', detail));
  });
}
