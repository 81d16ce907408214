const UNSTORABLE = /[\0\p{Surrogate}]/gu;

/** A text from outside as it can go on record: cut, and without what PostgreSQL cannot store. */
export function shortText(text: string, max: number): string {
  return text.slice(0, max).replaceAll(UNSTORABLE, '\uFFFD');
}

/** What went wrong, in words for the record; an error of a module is of another realm, and no instance of our Error. */
export function problemWords(error: unknown): string {
  const isError = typeof error === 'object' && error !== null && 'message' in error;
  return shortText(String(isError ? error.message : error), 500);
}
