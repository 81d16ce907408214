const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text of others, on one line and unable to drive the terminal. */
export function plain(text: string): string {
  return text.replaceAll(UNSAFE, ' ');
}

/** The same for text that may have several lines. */
export function plainLines(text: string): string {
  return text.split(/\r?\n/).map(plain).join('\n');
}
