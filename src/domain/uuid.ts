const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** True if the database can look a row up by this text; any other text names no row. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
