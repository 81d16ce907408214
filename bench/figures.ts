import { cpus, loadavg } from 'node:os';
import { QueryTypes, type Sequelize } from 'sequelize';

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** On what the figures were measured. */
export interface Machine {
  readonly node: string;
  readonly postgres: string;
  readonly cores: number;
  /** Of the last minute, before and after. */
  readonly loadAverage: readonly [before: number, after: number];
}

export const loadNow = (): number => loadavg()[0] ?? 0;

export async function machineOf(database: Sequelize, loadBefore: number): Promise<Machine> {
  const sql = 'SHOW server_version';
  const [version] = await database.query<{ server_version: string }>(sql, { type: QueryTypes.SELECT });
  return {
    node: process.version,
    postgres: version?.server_version ?? '?',
    cores: cpus().length,
    loadAverage: [loadBefore, loadNow()],
  };
}

/** The first two lines of a table: with what, and how busy the machine was. */
export function machineLines({ node, postgres, cores, loadAverage }: Machine): string[] {
  return [
    `Node ${node}, PostgreSQL ${postgres}, ${String(cores)} cores,`,
    `load average ${loadAverage.map((load) => load.toFixed(1)).join(' before, ')} after,`,
  ];
}

export function quantilesOf(times: readonly number[]): Quantiles {
  return {
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    p99: quantile(times, 0.99),
    max: quantile(times, 1),
  };
}

export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function ms(time: number): string {
  return time.toFixed(time < 10 ? 2 : 0);
}
