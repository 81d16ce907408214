import { PreviewBody, RoutePreviewResponse } from '../../domain/route-preview.schema.ts';
import { API, type App, type RouteDeps } from '../app.ts';
import { presentPreview } from '../presenters/route-preview.presenter.ts';
import { PROBLEMS } from '../request-schemas.ts';

/** What would become of a task, without making one. */
export function routePreviewRoutes(app: App, { service: { routes } }: RouteDeps): void {
  app.post(
    `${API}/routes/preview`,
    {
      schema: {
        summary: 'Every decision that a task would get; changes nothing',
        body: PreviewBody,
        response: { 200: RoutePreviewResponse, ...PROBLEMS },
      },
    },
    async (request) => presentPreview(await routes.preview(request.body)),
  );
}
