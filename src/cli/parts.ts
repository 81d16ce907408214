import type { Settings } from '../config/settings.ts';

/** A part of the system that runs until it is told to stop. */
export interface RunningWorker {
  run(): Promise<void>;
  shutdown(): void;
  close(): Promise<void>;
}

export interface RunningApi {
  readonly url: string;
  close(): Promise<void>;
}

/** The parts of the system that commands start; loaded only when one is asked for. */
export interface Parts {
  migrate(settings: Settings): Promise<{ readonly applied: readonly string[]; readonly seeded: number }>;
  worker(settings: Settings): Promise<RunningWorker>;
  serve(settings: Settings): Promise<RunningApi>;
}
