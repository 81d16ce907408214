import { TaskResponse } from '../../domain/task.schema.ts';
import { API, type App, type RouteDeps } from '../app.ts';
import { presentTask } from '../presenters/task.presenter.ts';
import { contextOf } from '../request-context.ts';
import { MutationHeaders, NoBody, PathId, PROBLEMS } from '../request-schemas.ts';

/** A task that has ended comes in once more, as a copy. */
export function taskRetryRoutes(app: App, { service: { tasks }, identify }: RouteDeps): void {
  app.post(
    `${API}/tasks/:id/retry`,
    {
      schema: {
        summary:
          'Submit a task again that has ended; the same Idempotency-Key again is answered with 200 and the same copy',
        headers: MutationHeaders,
        params: PathId,
        body: NoBody,
        response: { 200: TaskResponse, 201: TaskResponse, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { task, isNew } = await tasks.retry(request.params.id, contextOf(request, identify));
      return reply
        .code(isNew ? 201 : 200)
        .header('location', `${API}/tasks/${task.id}`)
        .send(presentTask(task));
    },
  );
}
