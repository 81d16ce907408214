import { ConnectionAcquireTimeoutError, ConnectionError, DatabaseError } from 'sequelize';
import { DomainError } from '../domain/errors.ts';

/** SQLSTATE classes that say "the server is going away or coming back", not "the statement is wrong". */
const AWAY = /^(08|57P|53)/;
const BROKEN = /terminated unexpectedly|ECONNRESET|EPIPE|not queryable|Connection terminated/;

/** Turns the loss of the database into an error that says so; every other error stays as it is. */
export function asDatabaseError(error: unknown): unknown {
  if (!isAway(error)) return error;
  return new DomainError('database_unavailable', 'the database cannot be reached: repeat the request', {
    cause: error,
  });
}

function isAway(error: unknown): boolean {
  if (error instanceof ConnectionError || error instanceof ConnectionAcquireTimeoutError) return true;
  const original: unknown = error instanceof DatabaseError ? error.original : error;
  if (!(original instanceof Error)) return false;
  const code = 'code' in original && typeof original.code === 'string' ? original.code : '';
  return AWAY.test(code) || BROKEN.test(original.message);
}
