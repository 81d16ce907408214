import {
  AskBody,
  AttemptResponse,
  ClaimBody,
  ClaimResponse,
  CompleteLeaseBody,
  FailLeaseBody,
  HeartbeatBody,
  HeartbeatResponse,
  ReleaseLeaseBody,
} from '../../domain/lease.schema.ts';
import { z } from 'zod';
import { DecomposeLeaseBody } from '../../domain/parts/part.schema.ts';
import { pageOf } from '../../domain/page.schema.ts';
import { TaskResponse } from '../../domain/task.schema.ts';
import { API, type App, type RouteDeps } from '../app.ts';
import { presentAttempt, presentClaim, presentLease } from '../presenters/lease.presenter.ts';
import { presentAll } from '../presenters/list.presenter.ts';
import { presentTask } from '../presenters/task.presenter.ts';
import { contextOf } from '../request-context.ts';
import { LeaseHeaders, MutationHeaders, optionalBody, PathId, PROBLEMS } from '../request-schemas.ts';
import { withinLimit } from '../result.ts';

/** A worker takes a task, says that it is still at it, and gives it back done or undone. */
export function leaseRoutes(app: App, deps: RouteDeps): void {
  claimRoutes(app, deps);
  heartbeatRoutes(app, deps);
  askRoute(app, deps);
  endRoutes(app, deps);
}

function claimRoutes(app: App, { service: { leases }, identify }: RouteDeps): void {
  app.post(
    `${API}/instances/:id/claim`,
    {
      schema: {
        summary: 'Take the next task of an instance',
        headers: MutationHeaders,
        params: PathId,
        body: ClaimBody,
        response: { 200: ClaimResponse, 204: z.null().describe('nothing to do, or no slot is free'), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const hangUp = new AbortController();
      reply.raw.once('close', () => {
        hangUp.abort();
      });
      const claimed = await leases.claim(request.params.id, request.body, contextOf(request, identify), hangUp.signal);
      if (claimed === null) return reply.code(204).send(null);
      return presentClaim(claimed);
    },
  );

  app.get(
    `${API}/tasks/:id/attempts`,
    {
      schema: {
        summary: 'Who tried, and what came of it',
        params: PathId,
        response: { 200: pageOf(AttemptResponse), ...PROBLEMS },
      },
    },
    async (request) => presentAll(await leases.attempts(request.params.id), presentAttempt),
  );
}

function heartbeatRoutes(app: App, { service: { leases } }: RouteDeps): void {
  app.post(
    `${API}/leases/:id/heartbeat`,
    {
      schema: {
        summary: 'Say that the work goes on',
        headers: LeaseHeaders,
        params: PathId,
        body: optionalBody(HeartbeatBody),
        response: { 200: HeartbeatResponse, ...PROBLEMS },
      },
    },
    async (request) => {
      const { lease, answer } = await leases.heartbeat(
        request.params.id,
        request.headers['hopper-lease-token'],
        request.body,
      );
      return { lease: presentLease(lease), answer };
    },
  );
}

function askRoute(app: App, { service: { leases } }: RouteDeps): void {
  const response = { 200: TaskResponse, ...PROBLEMS };
  app.post(
    `${API}/leases/:id/ask`,
    { schema: { summary: 'Ask a person', headers: LeaseHeaders, params: PathId, body: AskBody, response } },
    async (request) => {
      const { question } = request.body;
      return presentTask(await leases.ask(request.params.id, request.headers['hopper-lease-token'], question));
    },
  );
}

function endRoutes(app: App, { service: { leases } }: RouteDeps): void {
  const base = { headers: LeaseHeaders, params: PathId, response: { 200: TaskResponse, ...PROBLEMS } };

  app.post(
    `${API}/leases/:id/complete`,
    { schema: { summary: 'Finish the task', ...base, body: optionalBody(CompleteLeaseBody) } },
    async (request) => {
      const { result = null, output = null } = request.body;
      const end = { result: withinLimit(result), output };
      return presentTask(await leases.complete(request.params.id, request.headers['hopper-lease-token'], end));
    },
  );

  app.post(
    `${API}/leases/:id/fail`,
    { schema: { summary: 'Give the task back: the attempt failed', ...base, body: FailLeaseBody } },
    async (request) => {
      const { reason, output = null } = request.body;
      return presentTask(
        await leases.fail(request.params.id, request.headers['hopper-lease-token'], { reason, output }),
      );
    },
  );

  app.post(
    `${API}/leases/:id/decompose`,
    { schema: { summary: 'Split the task into parts: the worker is free again', ...base, body: DecomposeLeaseBody } },
    async (request) =>
      presentTask(await leases.decompose(request.params.id, request.headers['hopper-lease-token'], request.body)),
  );

  app.post(
    `${API}/leases/:id/release`,
    { schema: { summary: 'Give the task back untried', ...base, body: optionalBody(ReleaseLeaseBody) } },
    async (request) => {
      const { reason = null } = request.body;
      return presentTask(await leases.release(request.params.id, request.headers['hopper-lease-token'], reason));
    },
  );
}
