import { join } from 'node:path';
import type { Settings } from '../../config/settings.ts';
import { environmentWithout } from '../../stack/environment.ts';
import type { RunningStack } from '../../stack/stack.ts';
import { removeStackFile, type StackFile, writeStackFile } from '../stack-file.ts';
import { failureOf, startChild } from './child.ts';
import { KeptAlive } from './kept-alive.ts';

/** What the supervisor needs to know of its own process. */
export interface SupervisorNeeds {
  readonly settings: Settings;
  readonly stack: RunningStack;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly entry: string;
  readonly say: (message: string) => void;
}

/** The parts of Hopper on a running stack: brought up, kept alive, taken down in order. */
export class Supervisor {
  readonly #needs: SupervisorNeeds;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #worker: KeptAlive;
  readonly #api: KeptAlive;
  /** null: not up yet, or not any more. */
  #url: string | null = null;

  constructor(needs: SupervisorNeeds) {
    this.#needs = needs;
    this.#env = environmentOf(needs);
    this.#worker = this.#keep('worker');
    this.#api = this.#keep('serve');
  }

  /** Brings the database to this version. */
  async migrate(signal: AbortSignal): Promise<void> {
    const logFile = this.#logOf('migrate');
    const child = await startChild({ command: 'migrate', entry: this.#needs.entry, env: this.#env, logFile });
    const stop = (): void => {
      child.kill('SIGTERM');
    };
    signal.addEventListener('abort', stop, { once: true });
    const end = await child.ended;
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
    if (end.code !== 0) throw failureOf('migrate', end, logFile);
  }

  /** Starts worker and API, waits until both can be used, and tells everybody where they are. */
  async start(signal: AbortSignal): Promise<StackFile> {
    const [, { url = '' }] = await Promise.race([
      Promise.all([this.#worker.start(), this.#api.start()]),
      untilAborted(signal),
    ]);
    this.#worker.watch();
    this.#api.watch({ HOPPER_HTTP_PORT: new URL(url).port });
    const content = this.#content(url);
    writeStackFile(this.#needs.settings.dataDir, content);
    this.#url = url;
    return content;
  }

  /** Tells everybody what is different now, while there is something to tell of. */
  publish(): void {
    const { settings, say } = this.#needs;
    if (this.#url === null) return;
    try {
      writeStackFile(settings.dataDir, this.#content(this.#url));
    } catch (error) {
      say(`stack.json is out of date: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Stops what was started, the API first, so that nothing new comes in. */
  async stop(): Promise<void> {
    this.#url = null;
    await this.#api.stop();
    await this.#worker.stop();
    removeStackFile(this.#needs.settings.dataDir);
  }

  /** Ends the parts at once. */
  force(): void {
    this.#api.force();
    this.#worker.force();
  }

  #keep(command: 'worker' | 'serve'): KeptAlive {
    const { entry, say } = this.#needs;
    const spec = { command, entry, env: this.#env, logFile: this.#logOf(command) };
    const onBack = (): void => {
      this.publish();
    };
    return new KeptAlive(spec, { say, onBack });
  }

  #content(url: string): StackFile {
    const { settings, stack } = this.#needs;
    return {
      http_url: url,
      api_key: null,
      database_url: stack.databaseUrl,
      temporal_address: stack.temporalAddress,
      temporal_ui_url: stack.temporalUiUrl,
      namespace: stack.namespace,
      task_queue: settings.taskQueue,
      pids: { main: process.pid, worker: this.#worker.pid, http: this.#api.pid, ...stack.pids },
    };
  }

  #logOf(command: 'migrate' | 'worker' | 'serve'): string {
    return join(this.#needs.settings.dataDir, 'logs', `${command}.log`);
  }
}

function environmentOf({ env, settings, stack }: SupervisorNeeds): Readonly<Record<string, string | undefined>> {
  return {
    ...(settings.temporalAddress === null ? withoutTemporal(env, settings.dataDir) : env),
    HOPPER_DATA_DIR: settings.dataDir,
    DATABASE_URL: stack.databaseUrl,
    TEMPORAL_ADDRESS: stack.temporalAddress,
    TEMPORAL_NAMESPACE: stack.namespace,
  };
}

/** Keys and certificates that a person has for another Temporal, in variables or a profile, would keep ours from being reached. */
function withoutTemporal(env: SupervisorNeeds['env'], dataDir: string): SupervisorNeeds['env'] {
  return {
    ...environmentWithout('TEMPORAL_', env),
    TEMPORAL_CONFIG_FILE: join(dataDir, 'temporal', 'no-profile.toml'),
  };
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
    };
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
