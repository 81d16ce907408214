import type { Problem } from '../domain/errors.ts';
import type { ProblemResponse } from '../domain/problem.schema.ts';

/** The server said no; `code` is for programs, `detail` and `errors` are for people. */
export class HopperApiError extends Error {
  override readonly name = 'HopperApiError';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly Problem[];

  constructor({ status, code, detail, errors }: Pick<ProblemResponse, 'status' | 'code' | 'detail' | 'errors'>) {
    super(detail);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
  }
}

/** No answer at all: nobody listens there, or the connection broke. */
export class HopperUnreachableError extends Error {
  override readonly name = 'HopperUnreachableError';
  readonly url: string;

  constructor(url: string, cause: unknown) {
    super(`no Hopper answers at ${url} (${reasonOf(cause)}): start one with \`hopper up\`, or set HOPPER_URL`, {
      cause,
    });
    this.url = url;
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string')
    return cause.code;
  return cause instanceof Error ? cause.message : String(cause);
}
