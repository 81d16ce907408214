/** Makes a switch total: a new member of a union breaks the build where it is not handled. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`);
}
