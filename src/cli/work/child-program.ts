import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { BoundedOutput } from './bounded-output.ts';
import { endGroup, signalGroup } from './process-group.ts';
import { pause } from './pause.ts';
import { LONGEST_OUTPUT_BYTES } from './result-of.ts';

const TAIL_BYTES = 4_096;
/** How long the output of a program that has ended is waited for, when something that it started still holds it open. */
const LINGER_MS = 2_000;

/** A COMMAND as it is started for one task. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: string;
}

/** How a program ended: by a code or a signal, and what it wrote. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: BoundedOutput;
  readonly stderr: BoundedOutput;
}

/** A program that runs in a process group of its own, so that Ctrl-C at our terminal does not reach it. */
export interface RunningProgram {
  readonly ended: Promise<ProgramEnd>;
  /** Ends it and all that it started; SIGKILL follows after the time of grace, or at once when `impatience` comes. */
  end(graceMs: number, impatience: AbortSignal): Promise<void>;
}

/** Rejects, as the operating system says why, where the program cannot be started. */
export async function startProgram({ command, args, env, stdin }: Program): Promise<RunningProgram> {
  const child = spawn(command, [...args], { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', ignore); // it need not read its input
  await once(child, 'spawn');
  child.on('error', ignore);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} has no process id`);
  const killWithUs = (): void => {
    signalGroup(pid, 'SIGKILL');
  };
  process.once('exit', killWithUs);
  child.stdin.end(stdin);
  return {
    ended: endOf(child),
    end: async (graceMs, impatience) => {
      await endGroup(pid, graceMs, impatience);
      process.off('exit', killWithUs);
    },
  };
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

async function endOf(child: Child): Promise<ProgramEnd> {
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const closed = new Promise<void>((resolve) => child.once('close', resolve));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('exit', (...how) => {
      resolve(how);
    });
  });
  const over = new AbortController();
  await Promise.race([closed, pause(LINGER_MS, over.signal)]);
  over.abort();
  child.stdout.destroy();
  child.stderr.destroy();
  return { code, signal, stdout, stderr };
}

/** Everything is read, so that the program is never stopped by a full pipe; little is kept. */
function collect(stream: Readable): BoundedOutput {
  const output = new BoundedOutput(LONGEST_OUTPUT_BYTES, TAIL_BYTES);
  stream.on('data', (chunk: Buffer) => {
    output.add(chunk);
  });
  stream.on('error', ignore);
  return output;
}

function ignore(): void {
  // What broke the stream shows in how the program ends.
}
