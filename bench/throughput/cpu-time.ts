import { readFile } from 'node:fs/promises';

/** What Linux counts a process's time in, on every machine that Node runs on. */
const MS_PER_TICK = 10;
const [UTIME, STIME, CUTIME, CSTIME] = [11, 12, 13, 14];

/** CPU time in milliseconds of a process, its children, and those of them that have ended; null where it is not told. */
export async function cpuTimeOf(pid: number): Promise<number | null> {
  const own = await ticksOf(pid, [UTIME, STIME, CUTIME, CSTIME]);
  if (own === null) return null;
  const children = await Promise.all((await childrenOf(pid)).map((child) => cpuTimeOf(child)));
  return own * MS_PER_TICK + children.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
}

async function ticksOf(pid: number, fields: readonly number[]): Promise<number | null> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
  return stat === null ? null : sumOfFields(stat, fields);
}

/** A process's name may hold spaces and brackets: the fields are counted from the last bracket. */
export function sumOfFields(stat: string, fields: readonly number[]): number {
  const values = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.reduce((sum, field) => sum + Number(values[field]), 0);
}

async function childrenOf(pid: number): Promise<number[]> {
  const id = String(pid);
  const list = await readFile(`/proc/${id}/task/${id}/children`, 'utf8').catch(() => '');
  return list.split(' ').filter(Boolean).map(Number);
}
