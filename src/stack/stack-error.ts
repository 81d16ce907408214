import { isNativeError } from 'node:util/types';

/** Everything that can keep the stack from running. */
export type StackErrorCode =
  | 'port_in_use'
  | 'data_dir_unwritable'
  | 'data_dir_in_use'
  | 'database_unreachable'
  | 'temporal_unreachable'
  | 'engine_not_found'
  | 'start_failed';

/** Why the stack does not run, and in `hint` what the person at the terminal can do about it. */
export class StackError extends Error {
  override readonly name = 'StackError';
  readonly code: StackErrorCode;
  readonly hint: string;

  constructor(code: StackErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

const FOLDER_FAULTS = [
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EEXIST',
  'EISDIR',
  'ENOSPC',
  'EDQUOT',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
];

/** Turns what the file system said about the data folder into a StackError; leaves every other error as it is. */
export function explainFolderFault(error: unknown, folder: string): unknown {
  if (error instanceof StackError || !isErrno(error) || !FOLDER_FAULTS.includes(error.code)) return error;
  const path = error.path ?? folder;
  if (!path.startsWith(folder) && !folder.startsWith(path)) return error;
  return new StackError(
    'data_dir_unwritable',
    `cannot write to ${path}: ${error.code}`,
    'Set HOPPER_DATA_DIR to a folder that this user may write to, or correct the owner and mode of the path named above.',
    { cause: error },
  );
}

/** Whether the error carries a system error code, and optionally this very one. */
export function isErrno(error: unknown, code?: string): error is NodeJS.ErrnoException & { code: string } {
  if (!isNativeError(error) || !('code' in error) || typeof error.code !== 'string') return false;
  return code === undefined || error.code === code;
}

/** What an unknown thrown value says about itself; for a connection tried at several addresses, what each try said. */
export function messageOf(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (error.message !== '' || !('errors' in error) || !Array.isArray(error.errors)) return error.message;
  return error.errors.map(messageOf).join(', ');
}
