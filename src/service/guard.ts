type Translate = (error: unknown) => unknown;
type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** Passes every error of every method through `translate`. */
export function guard<Part extends object>(part: Part, translate: Translate): Part {
  const guarded = Object.entries(part).map(([name, member]: [string, unknown]) => [
    name,
    guardMember(member, translate),
  ]);
  return Object.fromEntries(guarded) as Part;
}

function guardMember(member: unknown, translate: Translate): unknown {
  if (typeof member !== 'function') return guard(member as object, translate);
  return async (...args: readonly unknown[]): Promise<unknown> => {
    try {
      return await (member as Method)(...args);
    } catch (error) {
      throw translate(error);
    }
  };
}
