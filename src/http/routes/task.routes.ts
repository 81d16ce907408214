import { pageOf } from '../../domain/page.schema.ts';
import { TaskCreate, TaskPatch, TaskQuery, TaskResponse } from '../../domain/task.schema.ts';
import { API, type App, type RouteDeps } from '../app.ts';
import { presentPage } from '../presenters/list.presenter.ts';
import { presentTask } from '../presenters/task.presenter.ts';
import { contextOf } from '../request-context.ts';
import { MutationHeaders, PathId, PROBLEMS } from '../request-schemas.ts';

/** Tasks come in, are found, and have their times and priority changed. */
export function taskRoutes(app: App, { service: { tasks }, identify }: RouteDeps): void {
  app.post(
    `${API}/tasks`,
    {
      schema: {
        summary: 'Submit a task; the same id and body again is answered with 200, another body with 409',
        headers: MutationHeaders,
        body: TaskCreate,
        response: { 200: TaskResponse, 201: TaskResponse, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { task, isNew } = await tasks.submit(request.body, contextOf(request, identify));
      return reply
        .code(isNew ? 201 : 200)
        .header('location', `${API}/tasks/${task.id}`)
        .send(presentTask(task));
    },
  );

  app.get(
    `${API}/tasks`,
    { schema: { summary: 'Find tasks', querystring: TaskQuery, response: { 200: pageOf(TaskResponse), ...PROBLEMS } } },
    async (request) => presentPage(await tasks.list(request.query), presentTask),
  );

  app.get(
    `${API}/tasks/:id`,
    { schema: { summary: 'One task', params: PathId, response: { 200: TaskResponse, ...PROBLEMS } } },
    async (request) => presentTask(await tasks.get(request.params.id)),
  );

  app.patch(
    `${API}/tasks/:id`,
    {
      schema: {
        summary: 'Change priority, due_at or not_before',
        headers: MutationHeaders,
        params: PathId,
        body: TaskPatch,
        response: { 200: TaskResponse, ...PROBLEMS },
      },
    },
    async (request) => presentTask(await tasks.patch(request.params.id, request.body, contextOf(request, identify))),
  );
}
