import { ConnectionAcquireTimeoutError, ConnectionError, DatabaseError } from 'sequelize';
import { DomainError } from '../domain/errors.ts';

/**
 * SQLSTATE classes that say "the server is going away or coming back", not "the statement is wrong"; and a statement that had
 * to wait too long, mostly for a record that somebody holds who was held up himself (57014).
 */
const AWAY = /^(08|57P|57014|53)/;
const BROKEN = /terminated unexpectedly|ECONNRESET|EPIPE|not queryable|Connection terminated/;

/** Turns the loss of the database into an error that says so; every other error stays as it is. */
export function asDatabaseError(error: unknown): unknown {
  if (!isAway(error)) return error;
  return new DomainError('database_unavailable', 'the database cannot be reached, or not in time: repeat the request', {
    cause: error,
  });
}

function isAway(error: unknown): boolean {
  if (error instanceof ConnectionError || error instanceof ConnectionAcquireTimeoutError) return true;
  return saysAway(error instanceof DatabaseError ? error.original : error);
}

/** Reads what the error carries and not its class: a socket's error can come from another realm. */
function saysAway(error: unknown): boolean {
  return AWAY.test(textOf(error, 'code')) || BROKEN.test(textOf(error, 'message'));
}

function textOf(error: unknown, field: string): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
  return typeof value === 'string' ? value : '';
}
