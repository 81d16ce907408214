import type { Problem } from '../domain/errors.ts';

/** What the exit code of every command means. */
export const EXIT = {
  done: 0,
  other: 1,
  input: 2,
  notFound: 3,
  conflict: 4,
  unreachable: 5,
  notAllowed: 6,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command that cannot go on: what to say, and how to end. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  readonly problems: readonly Problem[];

  constructor(exitCode: ExitCode, message: string, options: { problems?: readonly Problem[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = exitCode;
    this.problems = options.problems ?? [];
  }
}
