export const ERROR_CODES = [
  'invalid_input',
  'invalid_policy',
  'invalid_hierarchy',
  'policy_not_found',
  'policy_unreadable',
  'task_not_found',
  'delegation_not_found',
  'instance_not_found',
  'task_conflict',
  'delegation_conflict',
  'instance_conflict',
  'task_exists',
  'result_too_large',
  'entry_unavailable',
  'target_not_allowed',
  'lease_not_found',
  'lease_conflict',
  'lease_token_wrong',
  'stale_view',
  'database_unavailable',
  'temporal_unavailable',
  'too_many_commands',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One problem of an input, with the path of the field that has it. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** True where a repeat of the same call can never succeed. */
export const IS_FINAL = {
  invalid_input: true,
  invalid_policy: true,
  invalid_hierarchy: true,
  policy_not_found: true,
  policy_unreadable: false,
  task_not_found: true,
  delegation_not_found: true,
  instance_not_found: true,
  task_conflict: true,
  delegation_conflict: true,
  instance_conflict: true,
  task_exists: true,
  result_too_large: true,
  entry_unavailable: true,
  target_not_allowed: true,
  lease_not_found: true,
  lease_conflict: true,
  lease_token_wrong: true,
  stale_view: false,
  database_unavailable: false,
  temporal_unavailable: false,
  too_many_commands: false,
} as const satisfies Record<ErrorCode, boolean>;

/** The one error class: a broken expectation, with a code from a closed set and words fit for a person. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, options: { problems?: readonly Problem[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
  }
}
