import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import type { z } from 'zod';
import { ADMIN } from '../../src/domain/actor.ts';
import { ProblemResponse } from '../../src/domain/problem.schema.ts';
import type { App } from '../../src/http/app.ts';
import { listen } from '../../src/http/listen.ts';
import { createHttpServer } from '../../src/http/server.ts';
import type { HopperService } from '../../src/service/hopper-service.ts';
import { type TestHopper, startHopper } from '../support/hopper.ts';

export interface TestRequest {
  readonly method?: string;
  /** Sent as it is: nothing is normalised or encoded. */
  readonly path: string;
  readonly payload?: string | Buffer;
  readonly headers?: OutgoingHttpHeaders;
}

export interface TestResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as JSON; a test knows what it looks for in it. */
  readonly json: () => unknown;
  /** The body, which must be of this shape. */
  readonly as: <Schema extends z.ZodType>(schema: Schema) => z.output<Schema>;
  /** The body, which must be an error answer. */
  readonly problem: () => ProblemResponse;
}

/** An API on a port of its own. */
export interface TestServer {
  readonly url: string;
  readonly app: App;
  readonly log: string[];
  readonly send: (request: TestRequest) => Promise<TestResponse>;
  readonly close: () => Promise<void>;
}

/** The HTTP API before the real service, on real servers. */
export interface TestApi extends Omit<TestServer, 'close'> {
  readonly hopper: TestHopper;
  readonly get: (path: string) => Promise<TestResponse>;
  readonly post: (path: string, body?: object, headers?: OutgoingHttpHeaders) => Promise<TestResponse>;
  readonly patch: (path: string, body: object) => Promise<TestResponse>;
  readonly remove: (path: string, body?: object) => Promise<TestResponse>;
  readonly stop: () => Promise<void>;
}

export async function startApi(options: Parameters<typeof startHopper>[0] = {}): Promise<TestApi> {
  const hopper = await startHopper(options);
  const { close, ...server } = await serve(hopper.service);
  const withBody = (method: string, path: string, body?: object, headers: OutgoingHttpHeaders = {}) =>
    server.send({
      method,
      path: `/api/v1${path}`,
      ...(body === undefined
        ? { headers }
        : { payload: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }),
    });
  return {
    ...server,
    hopper,
    get: (path) => server.send({ path: `/api/v1${path}` }),
    post: (path, body, headers) => withBody('POST', path, body, headers),
    patch: (path, body) => withBody('PATCH', path, body),
    remove: (path, body) => withBody('DELETE', path, body),
    stop: async () => {
      await close();
      await hopper.stop();
    },
  };
}

export async function serve(service: HopperService): Promise<TestServer> {
  const log: string[] = [];
  const app = createHttpServer({
    service,
    log: pino({ level: 'debug' }, { write: (line) => log.push(line) }),
    identify: () => ADMIN,
  });
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true });
  return {
    app,
    log,
    url: listening.url,
    send: (given) => send(listening.url, agent, given),
    close: async () => {
      await listening.close();
      agent.destroy();
    },
  };
}

async function send(
  url: string,
  agent: Agent,
  { method = 'GET', path, payload, headers = {} }: TestRequest,
): Promise<TestResponse> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({
      hostname,
      port,
      agent,
      method,
      path,
      headers: { ...headers, 'content-length': Buffer.byteLength(payload ?? '') },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      text(response).then((body) => {
        resolve(answer(response.statusCode ?? 0, response.headers, body));
      }, reject);
    });
    sent.end(payload);
  });
}

function answer(status: number, headers: IncomingHttpHeaders, body: string): TestResponse {
  const json = (): unknown => JSON.parse(body);
  return {
    status,
    headers,
    body,
    json,
    as: (schema) => schema.parse(json()),
    problem: () => ProblemResponse.parse(json()),
  };
}

/** A request with a body as it is, not made from an object. */
export function raw(path: string, payload: string | Buffer, type = 'application/json'): TestRequest {
  return { method: 'POST', path: `/api/v1${path}`, payload, headers: { 'content-type': type } };
}

export const ABSENT = '01976f00-0000-7000-8000-000000000000';
