/** A time as users see it: ISO 8601 in UTC. */
export function time(at: Date): string;
export function time(at: Date | null): string | null;
export function time(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
