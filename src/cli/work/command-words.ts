import { CliError, EXIT } from '../cli-error.ts';

/** The words before and after `--`. */
export interface SplitWords {
  readonly instances: readonly string[];
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Commander drops the `--` and hands over all words as one list (`operands`); how many of them came after it is seen in what
 * was typed (`typed`).
 */
export function splitAtDashes(operands: readonly string[], typed: readonly string[]): SplitWords {
  const dashes = typed.indexOf('--');
  const after = dashes === -1 ? 0 : typed.length - dashes - 1;
  const instances = operands.slice(0, operands.length - after);
  const [command, ...args] = operands.slice(operands.length - after);
  if (after === 0 || command === undefined || command === '') {
    throw new CliError(EXIT.input, 'the command is missing: hopper work INSTANCE -- COMMAND [ARGUMENTS]');
  }
  if (instances.length === 0) {
    throw new CliError(EXIT.input, 'the instance is missing: hopper work INSTANCE -- COMMAND [ARGUMENTS]');
  }
  return { instances, command, args };
}
