import type { App } from '../app.ts';
import type { DeclaredRoute } from '../route-table.ts';

/** The description of this API; put together when somebody asks for the first time. */
export function openApiRoute(app: App, routes: readonly DeclaredRoute[]): void {
  let written: Promise<string> | undefined;
  app.get('/openapi.json', { schema: { summary: 'This document' } }, async (_request, reply) => {
    written ??= write(routes);
    return reply.type('application/json').send(await written);
  });
}

async function write(routes: readonly DeclaredRoute[]): Promise<string> {
  const { openApiDocument } = await import('./document.ts');
  return JSON.stringify(openApiDocument(routes.filter(({ schema }) => 'summary' in schema)));
}
