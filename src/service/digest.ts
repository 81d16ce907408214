import { createHash } from 'node:crypto';

const LENGTH = 16;

/** A short digest of a body, whatever the order of its keys: the same key with another body is another request. */
export function digestOf(body: object): string {
  const canonical = JSON.stringify(body, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
  return createHash('sha256').update(canonical).digest('hex').slice(0, LENGTH);
}
