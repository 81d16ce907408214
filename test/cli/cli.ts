import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { hopperProgram } from '../support/servers/addresses.ts';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

type Environment = Record<string, string>;

/** Runs the built `hopper` to its end, with an environment of its own. */
export async function hopper(args: readonly string[], env: Environment = {}, stdin = ''): Promise<Ended> {
  return run([hopperProgram(), ...args], env, stdin);
}

/** The same, with its output taken for a terminal of 100 columns. */
export async function hopperOnTerminal(args: readonly string[], env: Environment = {}): Promise<Ended> {
  const streams = ['stdout', 'stderr'].map((name) => `Object.assign(process.${name}, { isTTY: true, columns: 100 })`);
  const preload = `data:text/javascript,${encodeURIComponent(streams.join(';'))}`;
  return run(['--import', preload, hopperProgram(), ...args], { TERM: 'xterm-256color', ...env }, '');
}

async function run(args: readonly string[], env: Environment, stdin: string): Promise<Ended> {
  const child = spawn(process.execPath, args, { env: { ...cleanEnvironment(), ...env } });
  child.stdin.end(stdin);
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

/** The columns of each line that a command prints where there is no terminal. */
export function rows(out: string): readonly (readonly string[])[] {
  return out.trim() === ''
    ? []
    : out
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t'));
}

export function aFolder(): string {
  return mkdtempSync(join(tmpdir(), 'hopper-cli-'));
}

/** What the person who runs the tests has set must not reach what is tested. */
export function cleanEnvironment(): Record<string, string> {
  const given = Object.entries(process.env).filter(
    ([name]) => !/^(HOPPER_|TEMPORAL_|DATABASE_|NO_COLOR|FORCE_COLOR|CI$)/.test(name),
  );
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
