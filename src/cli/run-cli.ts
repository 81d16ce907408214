import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './cli-error.ts';
import { createContext, type Process } from './context.ts';
import { exitCodeOf } from './exit-code.ts';
import { explainError } from './explain-error.ts';
import type { Parts } from './parts.ts';
import { createProgram } from './program.ts';

/** Runs one command line to its end and answers its exit code; what went wrong is on standard error. */
export async function runCli(args: readonly string[], given: Process, parts: Parts): Promise<ExitCode> {
  const context = createContext(given, parts, args);
  try {
    await createProgram(context).parseAsync([...args], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    // Commander has said its own words already: help and version end well, everything else was wrong usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.input;
    for (const line of explainError(error)) given.stderr.write(`${line}\n`);
    return exitCodeOf(error);
  }
}
