import { setTimeout as sleep } from 'node:timers/promises';
import { sendSignal } from '../../../../src/stack/processes.ts';
import type { Server } from '../../../../src/stack/server.ts';

/** A process of the system that a scenario may kill, freeze and start again where it was. */
export interface Victim {
  readonly name: string;
  /** null while it is not there. */
  readonly pid: number | null;
  /** How it ended when nobody had asked for it. */
  readonly ownEnds: readonly string[];
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
  /** SIGSTOP, and SIGCONT. */
  freeze(): void;
  thaw(): void;
  start(): Promise<void>;
  /** SIGKILL, and after so long a pause it is started again. */
  killFor(ms: number, stopping: AbortSignal): Promise<void>;
  /** Stops it in order, for good. */
  stop(): Promise<void>;
}

/** Starts something that can be killed; `start` is asked once more after each of its ends. */
export async function startVictim(name: string, start: () => Promise<Server>): Promise<Victim> {
  const ownEnds: string[] = [];
  let running: Server | null = null;
  let launching: Promise<void> = Promise.resolve();
  let isOver = false;
  const launch = async (): Promise<void> => {
    if (running !== null || isOver) return;
    const launched = await start();
    running = launched;
    void launched.ended.then((how) => {
      if (running === launched) ownEnds.push(`${name} ended by itself (${how})`);
    });
  };
  const send = (signal: NodeJS.Signals): void => {
    if (running !== null) sendSignal(running.pid, signal);
  };
  const victim: Victim = {
    ...{ name, ownEnds },
    get pid() {
      return running?.pid ?? null;
    },
    async kill() {
      const killed = running;
      if (killed === null) return;
      send('SIGKILL');
      running = null;
      await killed.ended;
      await killed.close(); // what has ended still holds its folder
    },
    freeze: () => {
      send('SIGSTOP');
    },
    thaw: () => {
      send('SIGCONT');
    },
    start: () => (launching = launching.catch(() => undefined).then(launch)),
    async killFor(ms, stopping) {
      await victim.kill();
      await sleep(ms, undefined, { signal: stopping });
      await victim.start();
    },
    async stop() {
      isOver = true;
      await launching.catch(() => undefined);
      const stopped = running;
      running = null;
      await stopped?.close();
    },
  };
  await victim.start();
  return victim;
}
