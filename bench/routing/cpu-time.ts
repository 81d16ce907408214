import { readFileSync } from 'node:fs';
import { QueryTypes, type Sequelize } from 'sequelize';

/** CPU time in milliseconds, ours and that of the database's process that serves us; null where the system does not tell. */
export type CpuTime = () => number | null;

/** Reads the CPU time of this process and of the backend of a pool with one connection: other programs do not change it. */
export async function cpuTimeOf(database: Sequelize): Promise<CpuTime> {
  const sql = 'SELECT pg_backend_pid() AS pid';
  const [backend] = await database.query<{ pid: number }>(sql, { type: QueryTypes.SELECT });
  const file = `/proc/${String(backend?.pid)}/schedstat`;
  return () => {
    const { user, system } = process.cpuUsage();
    const theirs = nanoseconds(file);
    return theirs === null ? null : (user + system) / 1_000 + theirs / 1_000_000;
  };
}

function nanoseconds(file: string): number | null {
  try {
    const [onCpu = ''] = readFileSync(file, 'utf8').split(' ');
    return Number(onCpu);
  } catch {
    return null; // not Linux, or the backend is another one by now
  }
}
