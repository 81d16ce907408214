import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CliError, EXIT } from '../cli-error.ts';

/** Throws, before any task is claimed for it, where there is no such program; `path` is a PATH. */
export function requireProgram(command: string, path: string): void {
  const places = command.includes('/')
    ? [command]
    : path.split(delimiter).map((folder) => join(folder || '.', command));
  if (places.some(isProgram)) return;
  const where = command.includes('/') ? 'there is no program at' : 'no program on the PATH is named';
  throw new CliError(EXIT.input, `${where} "${command}"; nothing was claimed`);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
