import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { DecomposeLeaseBody, type DecomposeLeaseInput } from '../domain/parts/part.schema.ts';
import { JOINS } from '../domain/parts/part.ts';
import { CliError, EXIT } from './cli-error.ts';
import { choice, collect } from './command.ts';
import type { CliContext } from './context.ts';

export interface PartOptions {
  readonly part?: readonly string[];
  readonly parts?: string;
  readonly join?: (typeof JOINS)[number];
}

/** Adds the options by which parts are named. */
export function withParts(command: Command): Command {
  return command
    .option('--part <title>', 'a part; may be given several times', collect)
    .option(
      '--parts <file>',
      'a JSON list of parts, each a title or an object as in POST /tasks/:id/decompose; - reads standard input',
    )
    .addOption(choice('--join <how>', 'when the parts end the task', JOINS).default('all'));
}

/** The parts that were named, checked as the API checks them, so that a wrong list is told line by line. */
export async function partsOf({ stdin }: CliContext, options: PartOptions): Promise<DecomposeLeaseInput> {
  const { part = [], parts: file, join = 'all' } = options;
  const fromFile = file === undefined ? [] : parse(file, await (file === '-' ? text(stdin) : read(file)));
  const parts = [...part, ...fromFile].map((each: unknown) => (typeof each === 'string' ? { title: each } : each));
  const checked = DecomposeLeaseBody.safeParse({ parts, join });
  if (checked.success) return { parts: parts as DecomposeLeaseInput['parts'], join };
  const problems = checked.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new CliError(EXIT.input, 'a task cannot be split into these parts: name them with --part or --parts', {
    problems,
  });
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown): never => {
    throw new CliError(EXIT.input, `cannot read ${file}`, { cause });
  });
}

function parse(source: string, written: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(written);
    if (Array.isArray(list)) return list;
  } catch (cause) {
    throw new CliError(EXIT.input, `${source} is not JSON: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
  throw new CliError(EXIT.input, `${source} must be a JSON list of parts`);
}
