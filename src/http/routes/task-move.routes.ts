import type { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import { DecomposeBody } from '../../domain/parts/part.schema.ts';
import { TaskDelegationCreate } from '../../domain/delegation.schema.ts';
import {
  AnswerBody,
  CancelBody,
  CompleteBody,
  EscalateBody,
  FailBody,
  RerouteBody,
  TaskResponse,
} from '../../domain/task.schema.ts';
import type { TaskMoveCommand } from '../../service/hopper-service.ts';
import { API, type App, type RouteDeps } from '../app.ts';
import { presentTask } from '../presenters/task.presenter.ts';
import { contextOf } from '../request-context.ts';
import { MutationHeaders, optionalBody, PathId, PROBLEMS } from '../request-schemas.ts';
import { withinLimit } from '../result.ts';

/** The moves of a task that are asked for by the task's id. */
export function taskMoveRoutes(app: App, deps: RouteDeps): void {
  move(app, deps, 'complete', 'Finish a task', optionalBody(CompleteBody), ({ result, force }) => ({
    kind: 'complete',
    ...(result !== undefined && { result: withinLimit(result) }),
    ...(force !== undefined && { force }),
  }));
  move(app, deps, 'fail', 'End a task as failed', FailBody, ({ reason, force }) => ({
    kind: 'fail',
    reason,
    ...(force !== undefined && { force }),
  }));
  move(app, deps, 'cancel', 'End a task that nobody needs any more', optionalBody(CancelBody), ({ reason }) => ({
    kind: 'cancel',
    reason: reason ?? null,
  }));
  move(app, deps, 'escalate', 'Give a task back to the parent', EscalateBody, ({ reason }) => ({
    kind: 'escalate',
    reason,
  }));
  move(app, deps, 'reroute', 'Decide anew where a task goes', optionalBody(RerouteBody), ({ reason, force }) => ({
    kind: 'reroute',
    reason: reason ?? null,
    ...(force !== undefined && { force }),
  }));
  move(app, deps, 'decompose', 'Split a task into parts and wait for them', DecomposeBody, (body) => ({
    kind: 'decompose',
    parts: body.parts,
    join: body.join,
    ...(body.force !== undefined && { force: body.force }),
  }));
  answerRoute(app, deps);
  move(app, deps, 'delegations', 'Hand a task over to a named instance', TaskDelegationCreate, toReassignment);
}

function answerRoute(app: App, { service: { tasks }, identify }: RouteDeps): void {
  const response = { 200: TaskResponse, ...PROBLEMS };
  app.post(
    `${API}/tasks/:id/answer`,
    {
      schema: {
        summary: 'Answer the question of its worker',
        headers: MutationHeaders,
        params: PathId,
        body: AnswerBody,
        response,
      },
    },
    async (request) => {
      const { text } = request.body;
      return presentTask(await tasks.answer(request.params.id, text, contextOf(request, identify)));
    },
  );
}

function move<Body extends z.ZodType>(
  app: App,
  { service: { tasks }, identify }: RouteDeps,
  verb: string,
  summary: string,
  body: Body,
  toCommand: (body: z.output<Body>, taskId: string) => TaskMoveCommand,
): void {
  app.post(
    `${API}/tasks/:id/${verb}`,
    {
      schema: { summary, headers: MutationHeaders, params: PathId, body, response: { 200: TaskResponse, ...PROBLEMS } },
    },
    async (request) => {
      const { id } = request.params;
      // Fastify has parsed the body with this very schema; its type is lost in the generic.
      const command = toCommand(request.body as z.output<Body>, id);
      return presentTask(await tasks.command(id, command, contextOf(request, identify)));
    },
  );
}

function toReassignment(body: TaskDelegationCreate, taskId: string): TaskMoveCommand {
  const {
    task_id: named = taskId,
    target_instance_id: targetInstanceId,
    delegation_type: delegationType,
    notes,
  } = body;
  if (named !== taskId) throw malformed('task_id', 'must be the task of the path, or absent');
  if (delegationType !== 'reassign' && delegationType !== 'route') {
    throw malformed('delegation_type', `must be reassign or route: ${delegationType} is not asked for in this way`);
  }
  return { kind: 'reassign', targetInstanceId, delegationType, notes: notes ?? null };
}

function malformed(path: string, message: string): DomainError {
  return new DomainError('invalid_input', 'the request is malformed', { problems: [{ path, message }] });
}
