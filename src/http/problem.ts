import { STATUS_CODES } from 'node:http';
import type { ErrorCode, Problem } from '../domain/errors.ts';
import type { ProblemResponse } from '../domain/problem.schema.ts';

/** What can go wrong before a request reaches the service, or against every expectation. */
type TransportCode = 'route_not_found' | 'method_not_allowed' | 'body_too_large' | 'request_timeout' | 'unexpected';
export type ProblemCode = ErrorCode | TransportCode;

export const HTTP_STATUS = {
  invalid_input: 400,
  invalid_policy: 400,
  invalid_hierarchy: 500,
  policy_not_found: 404,
  policy_unreadable: 503,
  task_not_found: 404,
  delegation_not_found: 404,
  instance_not_found: 404,
  lease_not_found: 404,
  task_conflict: 409,
  delegation_conflict: 409,
  instance_conflict: 409,
  lease_conflict: 409,
  lease_token_wrong: 403,
  task_exists: 409,
  result_too_large: 413,
  entry_unavailable: 422,
  target_not_allowed: 422,
  stale_view: 503,
  database_unavailable: 503,
  temporal_unavailable: 503,
  too_many_commands: 503,
  route_not_found: 404,
  method_not_allowed: 405,
  body_too_large: 413,
  request_timeout: 408,
  unexpected: 500,
} as const satisfies Record<ProblemCode, number>;

const MAX_PROBLEMS = 100;
const MAX_PATH = 200;

/** The body of an error answer. */
export function problem(code: ProblemCode, detail: string, problems: readonly Problem[] = []): ProblemResponse {
  const status = HTTP_STATUS[code];
  return {
    type: `urn:hopper:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    errors: bounded(problems),
  };
}

/** A hostile body can have as many faults as bytes; the answer stays small. */
function bounded(problems: readonly Problem[]): Problem[] {
  const shown = problems.slice(0, MAX_PROBLEMS).map(({ path, message }) => ({
    path: path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path,
    message,
  }));
  const rest = problems.length - shown.length;
  return rest === 0 ? shown : [...shown, { path: '', message: `and ${String(rest)} more` }];
}
