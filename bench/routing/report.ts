import { type Machine, type Quantiles, machineLines, ms, quantile, quantilesOf } from '../figures.ts';
import type { Cell } from './bench.ts';
import type { TreeTimes } from './tree.ts';

/** The quantiles of one cell, in milliseconds. */
export interface Row extends Quantiles {
  readonly kind: string;
  readonly siblings: number;
  readonly decisions: number;
  /** CPU time of a decision, ours and the database's; null where the system does not tell. */
  readonly cpu: number | null;
  /** One number if every decision of the cell took as many statements. */
  readonly statements: readonly number[];
}

export interface Report extends Machine {
  readonly finishedTasks: number;
  readonly rows: readonly Row[];
  /** By kind: p50 with the most siblings, divided by p50 with the fewest. */
  readonly growth: Readonly<Record<string, number>>;
  readonly tree: { readonly instances: number; readonly read: Quantiles; readonly api: Quantiles };
  /** The statements of one kind of decision in their order, with the median time of each. */
  readonly trace: readonly { readonly sql: string; readonly p50: number }[];
}

export interface Measured {
  readonly cells: readonly Cell[];
  readonly tree: TreeTimes;
  readonly treeSize: number;
  readonly machine: Machine;
  readonly finishedTasks: number;
}

const SHOWN_SQL = 110;

export function reportOf({ cells, tree, treeSize, machine, finishedTasks }: Measured): Report {
  const rows = cells.map(rowOf);
  return {
    ...machine,
    finishedTasks,
    rows,
    growth: growthOf(rows),
    tree: { instances: treeSize, read: quantilesOf(tree.read), api: quantilesOf(tree.api) },
    trace: traceOf(cells.at(-1)),
  };
}

/** The report as a person reads it, and as docs/performance.md shows it. */
export function tableOf(report: Report): string {
  const { rows, tree, growth } = report;
  const line = ({ kind, siblings, p50, p95, p99, cpu, statements }: Row): string =>
    `| ${kind} | ${String(siblings)} | ${ms(p50)} | ${ms(p95)} | ${ms(p99)} | ${cpu === null ? '' : ms(cpu)} | ${statements.join(', ')} |`;
  return [
    ...machineLines(report),
    `${String(report.finishedTasks)} finished tasks, ${String(rows[0]?.decisions ?? 0)} decisions a row; milliseconds.`,
    '',
    '| decision | siblings | p50 | p95 | p99 | CPU p50 | statements |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...rows.map(line),
    '',
    '| decision | p50 with the most siblings ÷ with the fewest |',
    '|---|---:|',
    ...Object.entries(growth).map(([kind, factor]) => `| ${kind} | ${factor.toFixed(2)} |`),
    '',
    `| tree of ${String(tree.instances)} | p50 | p95 | max |`,
    '|---|---:|---:|---:|',
    `| \`reads.subtreeOf\` | ${ms(tree.read.p50)} | ${ms(tree.read.p95)} | ${ms(tree.read.max)} |`,
    `| \`GET /instances/:id/tree\` | ${ms(tree.api.p50)} | ${ms(tree.api.p95)} | ${ms(tree.api.max)} |`,
    '',
    '| statement of one decision | p50 |',
    '|---|---:|',
    ...report.trace.map(({ sql, p50 }) => `| \`${sql.slice(0, SHOWN_SQL).replaceAll('|', '\\|')}\` | ${ms(p50)} |`),
  ].join('\n');
}

function rowOf({ kind, size, ms: times, cpu: cpuTimes, statements }: Cell): Row {
  const cpu = cpuTimes.length === 0 ? null : quantile(cpuTimes, 0.5);
  return {
    kind,
    siblings: size,
    decisions: times.length,
    ...quantilesOf(times),
    cpu,
    statements: [...statements].sort(),
  };
}

function growthOf(rows: readonly Row[]): Record<string, number> {
  const kinds = [...new Set(rows.map((row) => row.kind))];
  return Object.fromEntries(
    kinds.map((kind) => {
      const ordered = rows.filter((row) => row.kind === kind).toSorted((a, b) => a.siblings - b.siblings);
      return [kind, (ordered.at(-1)?.p50 ?? 0) / (ordered[0]?.p50 ?? 1)];
    }),
  );
}

function traceOf(cell: Cell | undefined): Report['trace'] {
  const [first = []] = cell?.trace ?? [];
  const same = (cell?.trace ?? []).filter((statements) => statements.length === first.length);
  return first.map(({ sql }, place) => ({
    sql: sql.replace(/^Executing \([^)]*\): /, ''),
    p50: quantile(
      same.map((statements) => statements[place]?.ms ?? 0),
      0.5,
    ),
  }));
}
