import { HealthResponse, ReadinessResponse } from '../../domain/health.schema.ts';
import type { App, RouteDeps } from '../app.ts';

/** Alive, and able to serve. */
export function healthRoutes(app: App, { service }: RouteDeps): void {
  app.get('/healthz', { schema: { summary: 'Is this process alive?', response: { 200: HealthResponse } } }, () => ({
    status: 'ok' as const,
  }));

  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Do the database and Temporal answer?',
        response: { 200: ReadinessResponse, 503: ReadinessResponse },
      },
    },
    async (_request, reply) => {
      const { isReady, database, temporal } = await service.readiness();
      const status = isReady ? ('ok' as const) : ('unavailable' as const);
      if (!isReady) void reply.header('retry-after', '1');
      return reply.code(isReady ? 200 : 503).send({ status, database, temporal });
    },
  );
}
