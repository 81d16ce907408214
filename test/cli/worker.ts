import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/hopper.ts';
import { hopperProgram } from '../support/servers/addresses.ts';
import { aFolder, cleanEnvironment } from './cli.ts';

/** A line of `hopper work --json`. */
export interface WorkLine {
  readonly event: string;
  readonly task_id?: string;
  readonly reason?: string;
  readonly [field: string]: unknown;
}

/** A running `hopper work --json`, with what it has said so far. */
export interface TestWorker {
  readonly lines: () => readonly WorkLine[];
  readonly names: () => readonly string[];
  readonly err: () => string;
  readonly ended: Promise<number | null>;
  /** As the end of `hopper work | head` does. */
  readonly closeOutput: () => void;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Waits for an event of this name. */
  readonly until: (name: string) => Promise<WorkLine>;
}

const running = new Set<ChildProcess>();

/** `args` are everything after `hopper work`. */
export function startWorker(env: Record<string, string>, ...args: string[]): TestWorker {
  const child = spawn(process.execPath, [hopperProgram(), 'work', '--json', ...args], {
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  const lines = (): readonly WorkLine[] =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as WorkLine);
  return {
    lines,
    names: () => lines().map(({ event }) => event),
    err: () => err,
    ended,
    closeOutput: () => child.stdout.destroy(),
    signal: (name) => child.kill(name),
    until: async (name) => {
      const seen = await eventually(
        () => Promise.resolve(lines()),
        (all) => all.some(({ event }) => event === name) || child.exitCode !== null,
      );
      const line = seen.find(({ event }) => event === name);
      if (line === undefined) throw new Error(`the worker ended without ${name}: ${err} ${out}`);
      return line;
    },
  };
}

/** Ends what a failed test has left. */
export function endWorkers(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** A script that can be run, and a folder for what it writes; `$folder` in its text is that folder. */
export function aScript(text: string): { readonly path: string; readonly folder: string } {
  const folder = aFolder();
  const path = join(folder, 'command.sh');
  writeFileSync(path, text.replaceAll('$folder', folder));
  chmodSync(path, 0o755);
  return { path, folder };
}

/** Waits until a script has written a file, with something in it. */
export function untilWritten(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  return eventually(
    () => Promise.resolve(existsSync(file) ? readFileSync(file, 'utf8').trim() : ''),
    (content) => content !== '',
  );
}
