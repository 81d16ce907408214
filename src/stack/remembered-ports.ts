import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const PortsSchema = z.object({ postgres: z.int(), temporal: z.int(), temporalUi: z.int() }).partial();

/** The ports that a data folder's servers had the last time. */
export type RememberedPorts = z.infer<typeof PortsSchema>;

/** What was remembered; nothing if there is no such file or it is no good, for it is only a preference. */
export async function readPorts(dataDir: string): Promise<RememberedPorts> {
  try {
    return PortsSchema.parse(JSON.parse(await readFile(fileIn(dataDir), 'utf8')));
  } catch {
    return {};
  }
}

/** Remembers the ports for the next start; those of a part that did not run stay as they were. */
export async function writePorts(dataDir: string, ports: RememberedPorts): Promise<void> {
  const draft = `${fileIn(dataDir)}.new`;
  await writeFile(draft, `${JSON.stringify({ ...(await readPorts(dataDir)), ...ports })}\n`, { mode: 0o600 });
  await rename(draft, fileIn(dataDir));
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'ports.json');
}
