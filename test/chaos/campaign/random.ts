import { createHash } from 'node:crypto';

/** Choices that are the same for the same seed. */
export interface Random {
  /** From 0 up to, but not, 1. */
  fraction(): number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** True in so large a share of all cases. */
  chance(share: number): boolean;
  pick<Choice>(choices: readonly Choice[]): Choice;
  uuid(): string;
  /** A stream of its own, for somebody whose choices must not depend on who else chooses when. */
  fork(name: string): Random;
}

const FRACTIONS = 2 ** 48;

/** A stream of choices: the hashes of its name with the numbers 0, 1, 2 … */
export function randomFrom(name: string): Random {
  let drawn = 0;
  const draw = (): Buffer => {
    drawn += 1;
    return createHash('sha256')
      .update(`${name}/${String(drawn)}`)
      .digest();
  };
  const fraction = (): number => draw().readUIntBE(0, 6) / FRACTIONS;
  const between = (from: number, to: number): number => from + Math.floor(fraction() * (to - from + 1));
  return {
    fraction,
    between,
    chance: (share) => fraction() < share,
    pick: (choices) => {
      const chosen = choices[between(0, choices.length - 1)];
      if (chosen === undefined) throw new RangeError('there is nothing to pick from');
      return chosen;
    },
    uuid: () => uuidOf(draw()),
    fork: (branch) => randomFrom(`${name}/${branch}`),
  };
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  const variant = '89ab'.charAt(bytes.readUInt8(31) % 4);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
