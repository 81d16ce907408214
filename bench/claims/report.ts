import { type Machine, type Quantiles, machineLines, ms, quantile, quantilesOf } from '../figures.ts';
import type { Many } from './claimers.ts';
import type { Cell } from './one-by-one.ts';

interface Row {
  readonly kind: string;
  readonly queued: number;
  readonly claims: number;
  /** The pick alone; null where it is no single statement. */
  readonly pick: Quantiles | null;
  readonly claim: Quantiles;
  readonly statements: readonly number[];
}

export interface Report extends Machine {
  readonly rows: readonly Row[];
  /** p50 of the pick from the longest queue, divided by that from the shortest. */
  readonly growth: number;
  readonly many: Omit<Many, 'ms'> & { readonly claim: Quantiles };
  /** The statements of a claim from the longest queue in their order, with the median time of each. */
  readonly trace: readonly { readonly sql: string; readonly p50: number }[];
}

const SHOWN_SQL = 100;

export function reportOf(cells: readonly Cell[], { ms: times, ...many }: Many, machine: Machine): Report {
  const plain = cells.filter((cell) => cell.kind === 'any task').toSorted((a, b) => a.queued - b.queued);
  const [shortest, longest] = [plain[0], plain.at(-1)];
  return {
    ...machine,
    rows: cells.map(rowOf),
    growth: quantile(longest?.pick ?? [], 0.5) / quantile(shortest?.pick ?? [], 0.5),
    many: { ...many, claim: quantilesOf(times) },
    trace: traceOf(longest),
  };
}

/** The report as a person reads it, and as docs/performance.md shows it. */
export function tableOf(report: Report): string {
  const { rows, many, growth, trace } = report;
  return [
    ...machineLines(report),
    `${String(rows[0]?.claims ?? 0)} claims a row, one after the other; milliseconds.`,
    '',
    '| claim | queued | pick p50 | p95 | p99 | whole claim p50 | p95 | p99 | statements |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...rows.map(
      ({ kind, queued, pick, claim, statements }) =>
        `| ${kind} | ${String(queued)} | ${cellsOf(pick)} | ${cellsOf(claim)} | ${statements.join(', ')} |`,
    ),
    '',
    `The pick from the longest queue takes ${growth.toFixed(2)} times as long as from the shortest.`,
    '',
    '| at once | connections | claims | claims/s | p50 | p95 | p99 | twice | deadlocks | failures |',
    '|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    `| ${[many.claimers, many.connections, many.made, Math.round(many.perSecond)].join(' | ')} | ${cellsOf(many.claim)} | ${[many.twice, many.deadlocks, many.failures.length].join(' | ')} |`,
    '',
    '| statement of a claim | p50 |',
    '|---|---:|',
    ...trace.map(({ sql, p50 }) => `| \`${sql.slice(0, SHOWN_SQL).replaceAll('|', '\\|')}\` | ${ms(p50)} |`),
  ].join('\n');
}

function cellsOf(quantiles: Quantiles | null): string {
  if (quantiles === null) return ' |  | ';
  return [quantiles.p50, quantiles.p95, quantiles.p99].map(ms).join(' | ');
}

function rowOf({ kind, queued, pick, claim, trace }: Cell): Row {
  return {
    kind,
    queued,
    claims: claim.length,
    pick: pick.length === 0 ? null : quantilesOf(pick),
    claim: quantilesOf(claim),
    statements: [...new Set(trace.map((statements) => statements.length))].sort((a, b) => a - b),
  };
}

function traceOf(cell: Cell | undefined): Report['trace'] {
  const [first = []] = cell?.trace ?? [];
  const same = (cell?.trace ?? []).filter((statements) => statements.length === first.length);
  return first.map(({ sql }, place) => ({
    sql,
    p50: quantile(
      same.map((statements) => statements[place]?.ms ?? 0),
      0.5,
    ),
  }));
}
