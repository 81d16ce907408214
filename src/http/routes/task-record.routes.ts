import { DelegationChainResponse } from '../../domain/delegation.schema.ts';
import { TaskEventResponse } from '../../domain/event.schema.ts';
import { pageOf } from '../../domain/page.schema.ts';
import { DecisionResponse } from '../../domain/routing-decision.schema.ts';
import { API, type App, type RouteDeps } from '../app.ts';
import { presentDecision } from '../presenters/decision.presenter.ts';
import { presentChain } from '../presenters/delegation.presenter.ts';
import { presentTaskEvent } from '../presenters/event.presenter.ts';
import { presentAll } from '../presenters/list.presenter.ts';
import { PathId, PROBLEMS } from '../request-schemas.ts';

/** What is on record about a task: who handed it to whom, why, and everything that happened. */
export function taskRecordRoutes(app: App, { service: { tasks } }: RouteDeps): void {
  app.get(
    `${API}/tasks/:id/chain`,
    {
      schema: {
        summary: 'The delegations of a task in hop order',
        params: PathId,
        response: { 200: DelegationChainResponse, ...PROBLEMS },
      },
    },
    async (request) => presentChain(await tasks.chain(request.params.id)),
  );

  app.get(
    `${API}/tasks/:id/decisions`,
    {
      schema: {
        summary: 'Every routing decision with its candidates and reason',
        params: PathId,
        response: { 200: pageOf(DecisionResponse), ...PROBLEMS },
      },
    },
    async (request) => presentAll(await tasks.decisions(request.params.id), presentDecision),
  );

  app.get(
    `${API}/tasks/:id/events`,
    {
      schema: {
        summary: 'The audit trail of a task',
        params: PathId,
        response: { 200: pageOf(TaskEventResponse), ...PROBLEMS },
      },
    },
    async (request) => presentAll(await tasks.events(request.params.id), presentTaskEvent),
  );
}
