const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** How long to wait before the next try, after so many in vain; `chance` (0 to 1) keeps a fleet from coming back as one. */
export function backOffMs(tries: number, chance: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 20));
  return Math.round(longest * (0.5 + chance / 2));
}
