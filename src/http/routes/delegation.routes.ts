import {
  AcceptBody,
  CompleteDelegationBody,
  RejectBody,
  TaskDelegationResponse,
} from '../../domain/delegation.schema.ts';
import { API, type App, type RouteDeps } from '../app.ts';
import { presentDelegation } from '../presenters/delegation.presenter.ts';
import { contextOf } from '../request-context.ts';
import { MutationHeaders, optionalBody, PathId, PROBLEMS } from '../request-schemas.ts';
import { withinLimit } from '../result.ts';

const RESPONSE = { 200: TaskDelegationResponse, ...PROBLEMS };

/** A receiver answers an offer, and closes what it accepted. */
export function delegationRoutes(app: App, { service: { delegations }, identify }: RouteDeps): void {
  const headers = MutationHeaders;
  const params = PathId;

  app.get(
    `${API}/delegations/:id`,
    { schema: { summary: 'One delegation', params, response: RESPONSE } },
    async (request) => presentDelegation(await delegations.get(request.params.id)),
  );

  app.post(
    `${API}/delegations/:id/accept`,
    { schema: { summary: 'Accept an offer', headers, params, body: optionalBody(AcceptBody), response: RESPONSE } },
    async (request) => {
      const notes = request.body.notes ?? null;
      return presentDelegation(await delegations.accept(request.params.id, notes, contextOf(request, identify)));
    },
  );

  app.post(
    `${API}/delegations/:id/reject`,
    { schema: { summary: 'Refuse an offer', headers, params, body: RejectBody, response: RESPONSE } },
    async (request) => {
      const { reason, code = null, retryable = false } = request.body;
      const refusal = { reason, code, retryable };
      return presentDelegation(await delegations.reject(request.params.id, refusal, contextOf(request, identify)));
    },
  );

  app.post(
    `${API}/delegations/:id/complete`,
    {
      schema: {
        summary: 'Finish the task by its holder’s delegation',
        headers,
        params,
        body: optionalBody(CompleteDelegationBody),
        response: RESPONSE,
      },
    },
    async (request) => {
      const result = withinLimit(request.body.result ?? null);
      return presentDelegation(await delegations.complete(request.params.id, result, contextOf(request, identify)));
    },
  );
}
