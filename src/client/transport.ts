import type { z } from 'zod';
import { ProblemResponse } from '../domain/problem.schema.ts';
import { HopperApiError, HopperUnreachableError } from './api-error.ts';

/** How a client reaches the server; `fetch` can be replaced in tests and by people with proxies. */
export interface HopperClientOptions {
  readonly url: string;
  readonly apiKey?: string | null;
  readonly fetch?: typeof fetch;
}

/** One call; a query's undefined members are left out. */
export interface Call<Answer extends z.ZodType> {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Breaks the call off; it then throws the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** For what may take longer than 30 seconds. */
  readonly timeoutMs?: number;
  /** Takes null where the server may answer 204. */
  readonly answer: Answer;
}

const TIMEOUT_MS = 30_000;
const NO_CONTENT = 204;

/** Sends calls over HTTP and reads their answers by the schemas of the domain. */
export class Transport {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: typeof fetch;

  constructor({ url, apiKey, fetch: send = fetch }: HopperClientOptions) {
    this.url = url.replace(/\/+$/, '');
    this.#headers = apiKey === null || apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    this.#fetch = send;
  }

  async call<Answer extends z.ZodType>(call: Call<Answer>): Promise<z.output<Answer>> {
    const response = await this.#send(call);
    const body = await this.#bodyOf(response, call.signal);
    if (!response.ok) throw errorOf(response, body);
    const parsed = call.answer.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new HopperApiError({
      status: response.status,
      code: 'unexpected_answer',
      detail: `${this.url} does not answer as Hopper does; is it one, and of this version?`,
      errors: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    });
  }

  async #send(call: Call<z.ZodType>): Promise<Response> {
    const { method = 'GET', path, query = {}, body, idempotencyKey, signal, timeoutMs = TIMEOUT_MS } = call;
    const headers = {
      ...this.#headers,
      ...call.headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    };
    const timeout = AbortSignal.timeout(timeoutMs);
    const init = { method, headers, signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]) };
    try {
      return await this.#fetch(`${this.url}${path}${queryText(query)}`, {
        ...init,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      return this.#unreachable(error, signal);
    }
  }

  /** null: the answer has no body, and says so. undefined: it is no JSON. */
  async #bodyOf(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      return this.#unreachable(error, signal);
    }
    if (response.status === NO_CONTENT) return null;
    try {
      return JSON.parse(text);
    } catch {
      return undefined; // a proxy's page, perhaps: judged by its status
    }
  }

  #unreachable(error: unknown, signal: AbortSignal | undefined): never {
    signal?.throwIfAborted();
    throw new HopperUnreachableError(this.url, error);
  }
}

function queryText(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) given.set(key, String(value));
  return given.size === 0 ? '' : `?${given.toString()}`;
}

function errorOf({ status, statusText }: Response, body: unknown): HopperApiError {
  const problem = ProblemResponse.safeParse(body);
  if (problem.success) return new HopperApiError(problem.data);
  const detail = `the server answered ${String(status)} ${statusText}`.trim();
  return new HopperApiError({ status, code: 'unexpected_answer', detail, errors: [] });
}
