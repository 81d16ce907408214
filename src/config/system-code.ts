/** The code of an error of the operating system (`ENOENT`, `EADDRINUSE` …), or null if it is no such error. */
export function systemCode(error: unknown): string | null {
  // Not `instanceof Error`: an error from another realm (a test's, a worker thread's) is one too.
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
