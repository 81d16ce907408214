import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigFile } from '../../../src/config/settings.ts';
import { DomainError, type Problem } from '../../../src/domain/errors.ts';

/** A named settings file with this text, in a folder of its own. */
export function aFile(text: string, name = 'given.yaml'): ConfigFile {
  const path = join(mkdtempSync(join(tmpdir(), 'hopper-config-')), name);
  writeFileSync(path, text);
  return { path, isNamed: true };
}

/** What the refusal of a file says, with the folder cut off: `given.yaml:3:5 global.max_projects: …`. */
export function complaintsAbout(load: () => unknown): { code: string; lines: readonly string[]; message: string } {
  try {
    load();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: error.code, lines: error.problems.map(lineOf), message: error.message };
  }
  throw new Error('the file was accepted');
}

function lineOf({ path, message }: Problem): string {
  return `${path.slice(path.lastIndexOf('/') + 1)} ${message}`;
}
