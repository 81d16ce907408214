import { z } from 'zod';
import {
  KeptPolicyResponse,
  PolicyPublish,
  PolicyPublishedResponse,
  PolicyResponse,
} from '../../domain/published-policy.schema.ts';
import { API, type App, type RouteDeps } from '../app.ts';
import { presentKeptPolicy, presentPolicy } from '../presenters/policy.presenter.ts';
import { contextOf } from '../request-context.ts';
import { MutationHeaders, PROBLEMS } from '../request-schemas.ts';

/** The policy of the deployment. */
export function policyRoutes(app: App, { service: { policy }, identify }: RouteDeps): void {
  app.get(
    `${API}/policy`,
    { schema: { summary: 'The policy in force', response: { 200: PolicyResponse, ...PROBLEMS } } },
    async () => presentPolicy(await policy.inForce()),
  );

  app.post(
    `${API}/policy`,
    {
      schema: {
        summary: 'Put a policy into force for every worker',
        headers: MutationHeaders,
        body: PolicyPublish,
        response: { 200: PolicyPublishedResponse, ...PROBLEMS },
      },
    },
    async (request) => {
      const { hash, previousHash, isChanged } = await policy.publish(request.body.text, contextOf(request, identify));
      return { hash, previous_hash: previousHash, changed: isChanged };
    },
  );

  app.get(
    `${API}/policies/:hash`,
    {
      schema: {
        summary: 'A policy by which decisions were made',
        params: z.object({ hash: z.string() }),
        response: { 200: KeptPolicyResponse, ...PROBLEMS },
      },
    },
    async (request) => presentKeptPolicy(await policy.get(request.params.hash)),
  );
}
