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

/** fetch says only that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  return told(error, 'cause') ?? told(error, 'self') ?? String(error);
}

function told(error: unknown, where: 'self' | 'cause'): string | null {
  // Not `instanceof Error`: fetch may belong to another realm.
  const { cause, code, message }: ErrorLike = typeof error === 'object' && error !== null ? error : {};
  if (where === 'cause') return cause === undefined ? null : told(cause, 'self');
  return code ?? message ?? null;
}

interface ErrorLike {
  readonly cause?: unknown;
  readonly code?: string;
  readonly message?: string;
}
