import { createHash } from 'node:crypto';

/** The hash of a JSON value, whatever the order of its keys: equal content, equal hash. */
export function contentHash(value: unknown): string {
  const sorted = (_key: string, member: unknown): unknown =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member;
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex');
}
