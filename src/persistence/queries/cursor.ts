import { DomainError } from '../../domain/errors.ts';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** An opaque cursor that names the last row of a page. */
export function cursorOf(id: string | undefined): string | null {
  return id === undefined ? null : Buffer.from(id).toString('base64url');
}

/** The row that a cursor names. */
export function cursorAt(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const id = Buffer.from(cursor, 'base64url').toString();
  if (UUID.test(id)) return id;
  const problems = [{ path: 'cursor', message: 'is not a cursor that an earlier page gave' }];
  throw new DomainError('invalid_input', 'cursor is malformed', { problems });
}
