import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const pid = z.int().nullable();

/** `$HOPPER_DATA_DIR/stack.json`: where everything of a running stack is. */
export const StackFile = z.object({
  http_url: z.string(),
  api_key: z.string().nullable(),
  database_url: z.string(),
  temporal_address: z.string(),
  temporal_ui_url: z.string().nullable(),
  namespace: z.string(),
  task_queue: z.string(),
  pids: z.object({ main: z.int(), worker: pid, http: pid, postgres: pid, temporal: pid }),
});
export type StackFile = z.infer<typeof StackFile>;

/** The running stack of a data folder, or what a killed one left; null if there is none, or the file is not ours. */
export function readStackFile(dataDir: string): StackFile | null {
  try {
    return StackFile.safeParse(JSON.parse(readFileSync(pathIn(dataDir), 'utf8'))).data ?? null;
  } catch {
    return null; // absent, unreadable or half a file of something else: nothing that runs
  }
}

/** A reader sees the old content or the new one; nobody else may read it, because it can hold a key. */
export function writeStackFile(dataDir: string, content: StackFile): void {
  const path = pathIn(dataDir);
  const draft = `${path}.${String(process.pid)}`;
  mkdirSync(dirname(path), { recursive: true });
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

export function removeStackFile(dataDir: string): void {
  rmSync(pathIn(dataDir), { force: true });
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'stack.json');
}
