import { HopperApiError } from '../client/api-error.ts';
import { systemCode } from '../config/system-code.ts';
import { DomainError, type Problem } from '../domain/errors.ts';
import { StackError } from '../stack/stack-error.ts';
import { CliError } from './cli-error.ts';
import { plain } from './plain.ts';

/** What is said on standard error: one message, every problem below it, and what can be done. */
export function explainError(error: unknown): readonly string[] {
  if (error instanceof CliError || error instanceof DomainError) return withProblems(error.message, error.problems);
  if (error instanceof HopperApiError) return withProblems(error.detail, error.errors);
  if (error instanceof StackError) return [`hopper: ${error.message}`, `  ${error.hint}`];
  if (systemCode(error) === 'EADDRINUSE')
    return [`hopper: ${messageOf(error)}`, '  Set HOPPER_HTTP_PORT to another port (0: any free one).'];
  return [`hopper: ${messageOf(error)}`];
}

function withProblems(message: string, problems: readonly Problem[]): readonly string[] {
  return [`hopper: ${lines(message)}`, ...problems.map((problem) => `  ${lines(shown(problem))}`)];
}

function shown({ path, message }: Problem): string {
  return path === '' ? message : `${path}: ${message}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? lines(error.message) : plain(String(error));
}

/** Our own line breaks stay, what could drive a terminal does not. */
function lines(text: string): string {
  return text.split('\n').map(plain).join('\n  ');
}
