import { HopperApiError, HopperUnreachableError } from '../client/api-error.ts';
import { systemCode } from '../config/system-code.ts';
import { DomainError, type ErrorCode } from '../domain/errors.ts';
import { StackError, type StackErrorCode } from '../stack/stack-error.ts';
import { CliError, EXIT, type ExitCode } from './cli-error.ts';

const OF_DOMAIN = {
  invalid_input: EXIT.input,
  invalid_policy: EXIT.input,
  invalid_hierarchy: EXIT.input,
  policy_not_found: EXIT.notFound,
  policy_unreadable: EXIT.unreachable,
  task_not_found: EXIT.notFound,
  delegation_not_found: EXIT.notFound,
  instance_not_found: EXIT.notFound,
  lease_not_found: EXIT.notFound,
  task_conflict: EXIT.conflict,
  delegation_conflict: EXIT.conflict,
  instance_conflict: EXIT.conflict,
  lease_conflict: EXIT.conflict,
  lease_token_wrong: EXIT.notAllowed,
  task_exists: EXIT.conflict,
  result_too_large: EXIT.input,
  entry_unavailable: EXIT.input,
  target_not_allowed: EXIT.input,
  stale_view: EXIT.other,
  database_unavailable: EXIT.unreachable,
  temporal_unavailable: EXIT.unreachable,
  too_many_commands: EXIT.unreachable,
} as const satisfies Record<ErrorCode, ExitCode>;

const OF_STACK = {
  port_in_use: EXIT.input,
  data_dir_unwritable: EXIT.input,
  data_dir_in_use: EXIT.input,
  database_unreachable: EXIT.unreachable,
  temporal_unreachable: EXIT.unreachable,
  engine_not_found: EXIT.other,
  start_failed: EXIT.other,
} as const satisfies Record<StackErrorCode, ExitCode>;

const OF_STATUS: Readonly<Record<number, ExitCode>> = {
  400: EXIT.input,
  401: EXIT.notAllowed,
  403: EXIT.notAllowed,
  404: EXIT.notFound,
  408: EXIT.unreachable,
  409: EXIT.conflict,
  413: EXIT.input,
  422: EXIT.input,
  502: EXIT.unreachable,
  503: EXIT.unreachable,
  504: EXIT.unreachable,
};

const NO_LISTENING: readonly (string | null)[] = ['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND'];

/** How a command ends that was stopped by this error. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof HopperUnreachableError) return EXIT.unreachable;
  if (error instanceof HopperApiError) return OF_STATUS[error.status] ?? EXIT.other;
  if (error instanceof DomainError) return OF_DOMAIN[error.code];
  if (error instanceof StackError) return OF_STACK[error.code];
  return NO_LISTENING.includes(systemCode(error)) ? EXIT.input : EXIT.other;
}
