import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';

/** How a command is declared: its words, one sentence, and examples for its help. */
export interface Declaration {
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
}

/** Adds a command; every command has `--json` and shows examples in its help. */
export function declare(parent: Command, { usage, summary, examples }: Declaration): Command {
  return parent
    .command(usage)
    .description(summary)
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`);
}

/** An option whose value is one of a closed set. */
export function choice(flags: string, description: string, values: readonly string[]): Option {
  return new Option(flags, description).choices(values);
}

/** For options that may be given several times. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It must be JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function atLeastOne(text: string): number {
  const number = wholeNumber(text);
  if (number < 1) throw new InvalidArgumentError('It must be 1 or more.');
  return number;
}
