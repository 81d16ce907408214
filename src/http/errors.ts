import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { DomainError, type ErrorCode } from '../domain/errors.ts';
import type { ProblemResponse } from '../domain/problem.schema.ts';
import { HTTP_STATUS, problem } from './problem.ts';
import { problemsOf } from './validation.ts';

const RETRY_AFTER_SECONDS = 1;
const ABSENT = {
  tasks: 'task_not_found',
  delegations: 'delegation_not_found',
  instances: 'instance_not_found',
  leases: 'lease_not_found',
} as const satisfies Record<string, ErrorCode>;

/** Turns whatever a request threw into the one shape of error answers; what nobody expected is logged, not told. */
export function answerError(log: Logger): (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const answer = toProblem(error, request);
    if (answer.status >= 500) {
      log.error({ err: error, method: request.method, url: request.url, requestId: request.id }, 'request failed');
    }
    sendProblem(reply, answer);
  };
}

/** Sends an error answer with the headers that belong to it. */
export function sendProblem(reply: FastifyReply, answer: ProblemResponse): void {
  if (answer.status === 503) void reply.header('retry-after', String(RETRY_AFTER_SECONDS));
  // Serialised here: a route's response schemas are for what it promises, not for what went wrong.
  void reply.code(answer.status).type('application/problem+json').send(JSON.stringify(answer));
}

function toProblem(error: FastifyError | DomainError, request: FastifyRequest): ProblemResponse {
  if (error instanceof DomainError) return fromDomain(error);
  if (hasZodFastifySchemaValidationErrors(error)) {
    if (error.validationContext === 'params') return absent(request);
    return problem('invalid_input', 'the request is malformed', problemsOf(request));
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return problem('body_too_large', 'the body is above 1 MB');
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return problem('invalid_input', 'the body must be JSON, sent with Content-Type: application/json');
  }
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) return problem('unexpected', 'something went wrong here; it is in the log');
  return problem(
    'invalid_input',
    error instanceof SyntaxError ? `the body is not JSON: ${error.message}` : error.message,
  );
}

function fromDomain({ code, message, problems }: DomainError): ProblemResponse {
  if (HTTP_STATUS[code] === 500) return problem('unexpected', 'something went wrong here; it is in the log');
  return problem(code, message, problems);
}

function absent(request: FastifyRequest): ProblemResponse {
  const [kind = ''] = Object.keys(ABSENT).filter((name) => request.url.includes(`/${name}/`));
  const code = Object.entries(ABSENT).find(([name]) => name === kind)?.[1] ?? 'route_not_found';
  return problem(code, `there is no such ${kind === '' ? 'thing' : kind.slice(0, -1)}: an id is a UUID`);
}
