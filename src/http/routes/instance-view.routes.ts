import { TaskDelegationResponse } from '../../domain/delegation.schema.ts';
import { InstanceEventResponse } from '../../domain/event.schema.ts';
import { InboxItemResponse } from '../../domain/inbox.schema.ts';
import { InstanceStatsResponse, InstanceTreeResponse } from '../../domain/instance.schema.ts';
import { pageOf } from '../../domain/page.schema.ts';
import { TaskResponse } from '../../domain/task.schema.ts';
import { API, type App, type RouteDeps } from '../app.ts';
import { presentDelegation } from '../presenters/delegation.presenter.ts';
import { presentInstanceEvent } from '../presenters/event.presenter.ts';
import { presentInboxItem } from '../presenters/inbox.presenter.ts';
import { presentStats, presentTree } from '../presenters/instance.presenter.ts';
import { presentAll } from '../presenters/list.presenter.ts';
import { presentTask } from '../presenters/task.presenter.ts';
import { PathId, PROBLEMS } from '../request-schemas.ts';

/** What is at an instance, below it, and waits there; and the same for all of them. */
export function instanceViewRoutes(app: App, deps: RouteDeps): void {
  forestRoutes(app, deps);
  subtreeRoutes(app, deps);
}

function forestRoutes(app: App, { service: { instances } }: RouteDeps): void {
  app.get(
    `${API}/tree`,
    { schema: { summary: 'All trees of instances', response: { 200: pageOf(InstanceTreeResponse), ...PROBLEMS } } },
    async () => presentAll(await instances.forest(), presentTree),
  );

  app.get(
    `${API}/inbox`,
    {
      schema: {
        summary: 'What waits for a person, anywhere',
        response: { 200: pageOf(InboxItemResponse), ...PROBLEMS },
      },
    },
    async () => presentAll(await instances.inbox(null), presentInboxItem),
  );
}

function subtreeRoutes(app: App, { service: { instances } }: RouteDeps): void {
  const params = PathId;

  app.get(
    `${API}/instances/:id/tree`,
    {
      schema: { summary: 'An instance and all below it', params, response: { 200: InstanceTreeResponse, ...PROBLEMS } },
    },
    async (request) => presentTree(await instances.tree(request.params.id)),
  );

  app.get(
    `${API}/instances/:id/queue`,
    {
      schema: { summary: 'Its queued tasks, next first', params, response: { 200: pageOf(TaskResponse), ...PROBLEMS } },
    },
    async (request) => presentAll(await instances.queue(request.params.id), presentTask),
  );

  app.get(
    `${API}/instances/:id/stats`,
    { schema: { summary: 'How busy it is', params, response: { 200: InstanceStatsResponse, ...PROBLEMS } } },
    async (request) => presentStats(await instances.stats(request.params.id)),
  );

  app.get(
    `${API}/instances/:id/pending-delegations`,
    { schema: { summary: 'Offers to it', params, response: { 200: pageOf(TaskDelegationResponse), ...PROBLEMS } } },
    async (request) => presentAll(await instances.pendingDelegations(request.params.id), presentDelegation),
  );

  app.get(
    `${API}/instances/:id/inbox`,
    {
      schema: {
        summary: 'What waits for a person in its subtree',
        params,
        response: { 200: pageOf(InboxItemResponse), ...PROBLEMS },
      },
    },
    async (request) => presentAll(await instances.inbox(request.params.id), presentInboxItem),
  );

  app.get(
    `${API}/instances/:id/events`,
    { schema: { summary: 'Its audit trail', params, response: { 200: pageOf(InstanceEventResponse), ...PROBLEMS } } },
    async (request) => presentAll(await instances.events(request.params.id), presentInstanceEvent),
  );
}
