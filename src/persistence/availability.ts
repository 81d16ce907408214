import { ConnectionAcquireTimeoutError, ConnectionError, DatabaseError } from 'sequelize';
import { DomainError } from '../domain/errors.ts';

/** SQLSTATE classes that say "the server is going away or coming back", not "the statement is wrong". */
const AWAY = /^(08|57P|53)/;
/** A standby, or a server that somebody has made read-only: in class 25, of which the rest are faults of the caller. */
const READ_ONLY = /^25006$/;
const NO_DISK = /^(53100|58030)$/;
/** A statement that had to wait too long, mostly for a record that somebody holds who was held up himself. */
const TOO_LATE = /^57014$/;
const BROKEN = /terminated unexpectedly|ECONNRESET|EPIPE|not queryable|Connection terminated/;

/** Turns the loss of the database into an error that says so; every other error stays as it is. */
export function asDatabaseError(error: unknown): unknown {
  const what = whatIsWrong(error);
  if (what === null) return error;
  return new DomainError('database_unavailable', `the database ${what}: repeat the request`, { cause: error });
}

function whatIsWrong(error: unknown): string | null {
  if (error instanceof ConnectionError || error instanceof ConnectionAcquireTimeoutError) return 'cannot be reached';
  const said = error instanceof DatabaseError ? error.original : error;
  const code = textOf(said, 'code');
  if (READ_ONLY.test(code)) return 'takes no writes at present';
  if (NO_DISK.test(code)) return 'cannot use its disk, or has no room on it';
  if (TOO_LATE.test(code)) return 'did not answer in time';
  return saysAway(said) ? 'cannot be reached' : null;
}

/** Reads what the error carries and not its class: a socket's error can come from another realm. */
function saysAway(error: unknown): boolean {
  return AWAY.test(textOf(error, 'code')) || BROKEN.test(textOf(error, 'message'));
}

function textOf(error: unknown, field: string): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
  return typeof value === 'string' ? value : '';
}
