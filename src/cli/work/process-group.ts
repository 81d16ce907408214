import { systemCode } from '../../config/system-code.ts';
import { pause } from './pause.ts';

const LOOK_EVERY_MS = 50;
const AFTER_KILL_MS = 1_000;

/** Sends a signal to every process of the group; false if none is left. */
export function signalGroup(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-id, signal);
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false;
    if (systemCode(error) === 'EPERM') return true; // they are there, but of somebody else
    throw error;
  }
}

/** Asks every process of the group to end, and after the time of grace ends those that are left. */
export async function endGroup(id: number, graceMs: number, impatience: AbortSignal): Promise<void> {
  if (!signalGroup(id, 'SIGTERM') || (await isGone(id, graceMs, impatience))) return;
  signalGroup(id, 'SIGKILL');
  await isGone(id, AFTER_KILL_MS, new AbortController().signal);
}

async function isGone(id: number, withinMs: number, impatience: AbortSignal): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (signalGroup(id, 0)) {
    if (performance.now() >= until || impatience.aborted) return false;
    await pause(LOOK_EVERY_MS, impatience);
  }
  return true;
}
