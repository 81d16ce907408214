import { INSTANCE_VERBS, type InstanceVerb } from '../../domain/instance.ts';
import { InstanceCreate, InstancePatch, InstanceResponse, InstanceStop } from '../../domain/instance.schema.ts';
import { InstanceListQuery } from '../../domain/instance-query.schema.ts';
import { pageOf } from '../../domain/page.schema.ts';
import { API, type App, type RouteDeps } from '../app.ts';
import { presentInstance } from '../presenters/instance.presenter.ts';
import { presentPage } from '../presenters/list.presenter.ts';
import { contextOf } from '../request-context.ts';
import { MutationHeaders, NoBody, PathId, PROBLEMS, optionalBody } from '../request-schemas.ts';

const SUMMARIES = {
  start: 'It takes tasks',
  stop: 'It takes no more; `stopping` until its open tasks have moved away, then `stopped`',
  pause: 'No new offers to it; what it has goes on',
  resume: 'A paused one takes offers again',
} as const satisfies Record<InstanceVerb, string>;

const RESPONSE = { 200: InstanceResponse, ...PROBLEMS };

/** The instances of the tree of work, and their lifecycle. */
export function instanceRoutes(app: App, deps: RouteDeps): void {
  readRoutes(app, deps);
  createAndPatchRoutes(app, deps);
  lifecycleRoutes(app, deps);
}

function readRoutes(app: App, { service: { instances } }: RouteDeps): void {
  app.get(
    `${API}/instances`,
    {
      schema: {
        summary: 'Find instances',
        querystring: InstanceListQuery,
        response: { 200: pageOf(InstanceResponse), ...PROBLEMS },
      },
    },
    async (request) => {
      const { parent_id: parentId, ...query } = request.query;
      return presentPage(await instances.list({ ...query, parentId }), presentInstance);
    },
  );

  app.get(
    `${API}/instances/:id`,
    { schema: { summary: 'One instance', params: PathId, response: RESPONSE } },
    async (request) => presentInstance(await instances.get(request.params.id)),
  );
}

function createAndPatchRoutes(app: App, { service: { instances }, identify }: RouteDeps): void {
  app.post(
    `${API}/instances`,
    {
      schema: {
        summary: 'Create an instance; it does nothing before it is started',
        headers: MutationHeaders,
        body: InstanceCreate,
        response: { 201: InstanceResponse, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const instance = await instances.create(request.body, contextOf(request, identify));
      return reply.code(201).header('location', `${API}/instances/${instance.id}`).send(presentInstance(instance));
    },
  );

  app.patch(
    `${API}/instances/:id`,
    {
      schema: {
        summary: 'Change the name, or replace the config',
        headers: MutationHeaders,
        params: PathId,
        body: InstancePatch,
        response: RESPONSE,
      },
    },
    async (request) =>
      presentInstance(await instances.patch(request.params.id, request.body, contextOf(request, identify))),
  );
}

function lifecycleRoutes(app: App, { service: { instances }, identify }: RouteDeps): void {
  for (const verb of INSTANCE_VERBS) {
    const schema = { summary: SUMMARIES[verb], headers: MutationHeaders, params: PathId, response: RESPONSE };
    const path = `${API}/instances/:id/${verb}`;
    if (verb === 'stop') {
      app.post(path, { schema: { ...schema, body: optionalBody(InstanceStop) } }, async (request) =>
        presentInstance(await instances.move(request.params.id, verb, contextOf(request, identify), request.body)),
      );
    } else {
      app.post(path, { schema: { ...schema, body: NoBody } }, async (request) =>
        presentInstance(await instances.move(request.params.id, verb, contextOf(request, identify))),
      );
    }
  }

  app.delete(
    `${API}/instances/:id`,
    {
      schema: {
        summary: 'Terminate an instance with nothing below it; a live one is stopped first, and `stopping` until then',
        headers: MutationHeaders,
        params: PathId,
        body: optionalBody(InstanceStop),
        response: RESPONSE,
      },
    },
    async (request) =>
      presentInstance(await instances.delete(request.params.id, contextOf(request, identify), request.body)),
  );
}
