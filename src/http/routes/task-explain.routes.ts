import { ExplanationResponse } from '../../domain/explain/explanation.schema.ts';
import { API, type App, type RouteDeps } from '../app.ts';
import { presentExplanation } from '../presenters/explanation.presenter.ts';
import { PathId, PROBLEMS } from '../request-schemas.ts';

/** Where a task is, why it went there, and what it waits for. */
export function taskExplainRoutes(app: App, { service: { tasks } }: RouteDeps): void {
  app.get(
    `${API}/tasks/:id/explain`,
    {
      schema: {
        summary: 'In plain words: where a task is, why it went there, and what it waits for',
        params: PathId,
        response: { 200: ExplanationResponse, ...PROBLEMS },
      },
    },
    async (request) => presentExplanation(await tasks.explain(request.params.id)),
  );
}
