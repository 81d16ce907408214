const REPLACEMENT = '\ufffd';

/** The bytes as text that the record can hold: what is no UTF-8, and every NUL, becomes U+FFFD. */
export function storableText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replaceAll('\0', REPLACEMENT);
}

/** The last lines of what a program wrote; a character that was cut at the front is left out. */
export function lastLines(tail: Buffer, isCut: boolean, lines: number): string {
  const text = storableText(isCut ? tail.subarray(firstWhole(tail)) : tail).trimEnd();
  return text.split(/\r?\n/).slice(-lines).join('\n');
}

/** Where the first character begins: a continuation byte of UTF-8 is 10xxxxxx, and there are at most three. */
function firstWhole(bytes: Buffer): number {
  const start = [...bytes.subarray(0, 4)].findIndex((byte) => (byte & 0xc0) !== 0x80);
  return Math.max(0, start);
}
