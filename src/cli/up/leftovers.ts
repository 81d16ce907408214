import { setTimeout as sleep } from 'node:timers/promises';
import { HopperClient } from '../../client/hopper-client.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { readStackFile, removeStackFile, type StackFile } from '../stack-file.ts';

const PATIENCE_MS = 20_000;

/** A Hopper that runs on this folder is not started twice; one that was killed has its last processes end in peace. */
export async function clearLeftovers(dataDir: string, say: (message: string) => void): Promise<void> {
  const stack = readStackFile(dataDir);
  if (stack === null) return;
  if (await isRunning(stack)) {
    throw new CliError(
      EXIT.input,
      `Hopper already runs here: ${stack.http_url} (process ${String(stack.pids.main)}); stop it with Ctrl-C there, or set HOPPER_DATA_DIR to start another one`,
    );
  }
  await waitForEnd([stack.pids.http, stack.pids.worker], say);
  removeStackFile(dataDir);
}

/** A pid may have gone to another program since; one that also answers as Hopper is it. */
async function isRunning({ http_url: url, pids }: StackFile): Promise<boolean> {
  if (!isAlive(pids.main)) return false;
  return new HopperClient({ url }).health().then(
    () => true,
    () => false,
  );
}

/** Children stop by themselves when their parent is gone; they may still be finishing something. */
async function waitForEnd(pids: readonly (number | null)[], say: (message: string) => void): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  const areLeft = (): boolean => pids.some((pid) => pid !== null && isAlive(pid));
  if (areLeft()) say('waiting for the last processes of a Hopper that was killed');
  while (areLeft() && Date.now() < deadline) await sleep(100);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // gone, or somebody else's: not ours in either case
  }
}
