import type { FastifyInstance } from 'fastify';
import { DomainError } from '../domain/errors.ts';

/** Larger than any body that makes sense, so that a result that is too large is told so, not cut off. */
export const BODY_LIMIT = 1_048_576;

/** Reads JSON in UTF-8 and nothing else; an empty body is no body, whatever its type says. */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const text = decoded(body);
    if (text === null) done(new DomainError('invalid_input', 'the body is not UTF-8'));
    else if (text.trim() === '') done(null, undefined);
    else void parse(request, text, done);
  });
}

function decoded(body: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null; // the decoder's own words would say nothing more
  }
}
