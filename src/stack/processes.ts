import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isErrno } from './stack-error.ts';

/** A server is known by its program and by an argument that names its own data, never by its pid alone. */
export interface ServerMark {
  program: string;
  flag: string;
  value: string;
}

/** When the process with this pid began, as a word that no later process with the same pid shares; null: no such process. */
export async function startOf(pid: number): Promise<string | null> {
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

/** The pids of the running servers that work on the marked data. */
export async function findServers(mark: ServerMark): Promise<number[]> {
  const running = process.platform === 'linux' ? await listOnLinux() : await listByPs();
  return running.filter(({ command }) => carries(command, mark)).map(({ pid }) => pid);
}

/** Sends a signal; false: the process is gone already. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (isErrno(error, 'ESRCH')) return false;
    throw error;
  }
}

/** Asks a marked server to stop with one signal after the other; each has its time in milliseconds. */
export async function stopServer(
  pid: number,
  mark: ServerMark,
  signals: readonly (readonly [NodeJS.Signals, number])[],
): Promise<void> {
  if (!(await findServers(mark)).includes(pid)) return;
  const start = await startOf(pid);
  // An ending process loses its command line before it has let go of its files and ports, so its birth is looked at.
  const isRunning = async (): Promise<boolean> => start !== null && (await startOf(pid)) === start;
  for (const [signal, patience] of signals) {
    const deadline = Date.now() + patience;
    if (!(await isRunning()) || !sendSignal(pid, signal)) return;
    while (Date.now() < deadline && (await isRunning())) await sleep(50);
  }
}

interface Listed {
  pid: number;
  command: string;
}

function carries(command: string, { program, flag, value }: ServerMark): boolean {
  const at = `${command} `.indexOf(` ${flag} ${value} `);
  if (at < 0) return false;
  const [executable = ''] = command.slice(0, at).split(' server start-dev', 1);
  return basename(executable) === program;
}

async function listOnLinux(): Promise<Listed[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const listed = await Promise.all(pids.map(async (pid) => ({ pid, command: await commandOnLinux(pid) })));
  return listed.filter(({ command }) => command !== '');
}

/** Empty for a kernel thread, a zombie and a process that has just ended. */
async function commandOnLinux(pid: number): Promise<string> {
  const raw = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => '');
  return raw.replace(/\0+$/, '').replaceAll('\0', ' ');
}

async function listByPs(): Promise<Listed[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,command=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, command] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    return pid === undefined || command === undefined ? [] : [{ pid: Number(pid), command }];
  });
}

function startOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The program's name is in brackets and may hold anything, so counting begins after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X' || ticks === undefined) return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)}-${ticks}`;
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ESRCH')) return null;
    throw error;
  }
}

async function startByPs(pid: number): Promise<string | null> {
  const said = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  const start = said.stdout.trim().replaceAll(/\W+/g, '_');
  return start === '' ? null : start;
}
