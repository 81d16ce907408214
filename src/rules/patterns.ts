import { RE2JS } from '@bufbuild/re2';

/** A regular expression that takes time in proportion to the text, and how many instructions it has. */
export interface Pattern {
  readonly size: number;
  readonly test: (text: string) => boolean;
}

export interface Patterns {
  /** Throws where the text is no regular expression, or one that is too large. */
  get(pattern: string): Pattern;
}

const MAX_INSTRUCTIONS = 500;
const REMEMBERED = 1_000;

/** Compiles each regular expression once. */
export function createPatterns(): Patterns {
  const known = new Map<string, Pattern>();
  return {
    get(pattern) {
      const found = known.get(pattern) ?? compiled(pattern);
      if (known.size >= REMEMBERED) known.clear();
      known.set(pattern, found);
      return found;
    },
  };
}

function compiled(pattern: string): Pattern {
  const expression = RE2JS.compile(pattern);
  const size = expression.re2().prog.numInst();
  if (size > MAX_INSTRUCTIONS) {
    throw new RangeError(`it comes to ${String(size)} instructions, and ${String(MAX_INSTRUCTIONS)} are allowed`);
  }
  return { size, test: (text) => expression.test(text) };
}
