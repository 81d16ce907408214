import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Problem } from '../domain/errors.ts';

/** Every problem of a request that failed its schema: body, query and headers together, not only the first of them. */
export function problemsOf(request: FastifyRequest): readonly Problem[] {
  const { body, querystring, headers } = request.routeOptions.schema ?? {};
  return [
    ...problemsIn(body, request.body ?? null),
    ...problemsIn(querystring, request.query),
    ...problemsIn(headers, request.headers),
  ];
}

function problemsIn(schema: unknown, value: unknown): readonly Problem[] {
  if (!(schema instanceof z.ZodType)) return [];
  const issues = schema.safeParse(value).error?.issues ?? [];
  return issues.flatMap((issue) => toProblems(issue, value));
}

function toProblems(issue: z.core.$ZodIssue, value: unknown): readonly Problem[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'there is no such field' }));
  }
  if (path.length === 0 && value === null) return [{ path: '', message: 'a JSON object is needed as the body' }];
  return [{ path: path.join('.'), message: issue.message }];
}
