import { machineLines } from '../figures.ts';
import type { Growth, Parked, Report, Row } from './report.ts';
import { type TableSizes, totalOf } from './sizes.ts';

const count = new Intl.NumberFormat('en');

/** The report as a person reads it, and as docs/performance.md shows it. */
export function tableOf(report: Report): string {
  const { finished, instances, parked } = report;
  const lines = machineLines(report);
  if (finished !== undefined) {
    lines.push('', ...growthTable('finished tasks', finished));
    if (finished.sizes.some((size) => size > 0)) lines.push('', bytesLine('A finished task', finished.bytesPerTask));
  }
  if (instances !== undefined) lines.push('', ...growthTable('projects', instances));
  if (parked !== undefined) lines.push('', ...parkedTable(parked));
  return lines.join('\n');
}

function growthTable(what: string, { sizes, mostGrowth, rows }: Growth): string[] {
  const heads = sizes.map((size) => `${count.format(size)} ${what}`);
  return [
    `| p50 in ms, or tasks/s | ${heads.join(' | ')} | grows | at most ${String(mostGrowth)} × |`,
    `|---|${sizes.map(() => '---:|').join('')}---:|---|`,
    ...rows.map(
      (row) =>
        `| ${row.measure} | ${row.values.map(figure).join(' | ')} | ${row.growth.toFixed(2)} × | ${verdict(row)} |`,
    ),
  ];
}

function parkedTable({ mostBytesPerTask, steps }: Parked): string[] {
  const last = steps.at(-1);
  return [
    `| tasks that wait for an accept | bytes of each in Hopper's database | at most ${count.format(mostBytesPerTask)} | bytes of each in Temporal's | worker (MB) | first decision after a restart (s) | accept, p50 (ms) |`,
    '|---:|---:|---|---:|---:|---:|---:|',
    ...steps.map((step) =>
      [
        `| ${count.format(step.parked)}`,
        count.format(Math.round(step.totalBytesPerTask)),
        verdict(step),
        count.format(Math.round(step.temporalBytesPerTask)),
        step.workerMegabytes.toFixed(0),
        step.restartSeconds.toFixed(1),
        `${figure(step.acceptMs)} |`,
      ].join(' | '),
    ),
    ...(last === undefined ? [] : ['', bytesLine('A parked task', last.bytesPerTask)]),
  ];
}

function bytesLine(what: string, sizes: TableSizes): string {
  const parts = Object.entries(sizes).map(([table, bytes]) => `${table} ${count.format(Math.round(bytes))}`);
  return `${what} takes ${count.format(Math.round(totalOf(sizes)))} bytes with its indexes: ${parts.join(', ')}.`;
}

function verdict({ isMet }: Pick<Row, 'isMet'>): string {
  if (isMet === null) return '';
  return isMet ? 'met' : '**missed**';
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}
