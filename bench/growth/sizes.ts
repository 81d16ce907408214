import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { QueryTypes, type Sequelize } from 'sequelize';

/** Bytes on disk by table, with its indexes and what is stored out of line. */
export type TableSizes = Readonly<Record<string, number>>;

const SIZES = `
  SELECT relname AS table, pg_total_relation_size(oid)::float8 AS bytes FROM pg_class
  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`;

export async function tableSizes(database: Sequelize): Promise<TableSizes> {
  const rows = await database.query<{ table: string; bytes: number }>(SIZES, { type: QueryTypes.SELECT });
  return Object.fromEntries(rows.map(({ table, bytes }) => [table, bytes]));
}

/** What each of so many tasks takes, by table, the largest first; tables that did not grow are left out. */
export function bytesPerTask(before: TableSizes, after: TableSizes, tasks: number): TableSizes {
  const grown = Object.entries(after).map(([table, bytes]) => [table, (bytes - (before[table] ?? 0)) / tasks] as const);
  return Object.fromEntries(grown.filter(([, bytes]) => bytes >= 0.5).toSorted(([, a], [, b]) => b - a));
}

export function totalOf(sizes: TableSizes): number {
  return Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
}

/** Bytes of the files that Temporal keeps its state in, its write-ahead log included. */
export async function temporalBytes(folder: string): Promise<number> {
  const files = (await readdir(folder)).filter((name) => name.startsWith('temporal.db'));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
