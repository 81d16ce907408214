import type { Growth, Parked, Report } from '../growth/report.ts';
import { type Chart, aimAt, heading, named } from './draw.ts';

const count = new Intl.NumberFormat('en');
/** What a reader asks for first; the table has the rest. */
const SHOWN = ['case (a)', 'decision', 'claim', 'completion', 'GET /tasks', 'minute check'];
const KILOBYTE = 1_024;
/** Tables that take less than this of a parked task are shown as one. */
const LEAST_SHOWN = 100;

/** The charts of what `bench:growth` measured; of a part that was left out there is none. */
export function growthCharts({ finished, instances, parked }: Report): readonly Chart[] {
  return [
    ...(finished === undefined ? [] : [growthChart('growth-finished', 'finished tasks', finished)]),
    ...(instances === undefined ? [] : [growthChart('growth-instances', 'projects below one Global', instances)]),
    ...(parked === undefined ? [] : [parkedChart(parked)]),
  ];
}

function growthChart(name: string, what: string, { sizes, rows, mostGrowth }: Growth): Chart {
  const shown = rows.filter(({ measure }) => SHOWN.includes(measure));
  const most = Math.max(mostGrowth, ...shown.flatMap(timesOf));
  return {
    name,
    option: {
      ...heading(`With more ${what}`, `time of each, as a multiple of that with ${count.format(sizes[0] ?? 0)}`),
      xAxis: { ...named(what, 26), type: 'category', data: sizes.map((size) => count.format(size)) },
      yAxis: { ...named('times as long', 36), type: 'value', min: 0, max: Math.ceil(most * 2 + 0.5) / 2 },
      series: shown.map((row, place) => ({
        name: row.measure,
        type: 'line',
        symbolSize: 7,
        lineStyle: { width: 2 },
        data: timesOf(row),
        ...(place === 0 ? aimAt(mostGrowth, `aim ${String(mostGrowth)} ×`) : {}),
      })),
    },
  };
}

/** A rate that has halved is shown as a time that has doubled. */
function timesOf({ unit, values }: Growth['rows'][number]): number[] {
  const first = values[0] ?? Number.NaN;
  return values.map((value) => round(unit === 'tasks/s' ? first / value : value / first));
}

function parkedChart({ steps, mostBytesPerTask }: Parked): Chart {
  const tables = Object.entries(steps.at(-1)?.bytesPerTask ?? {}).filter(([, bytes]) => bytes >= LEAST_SHOWN);
  const shown = new Set(tables.map(([table]) => table));
  const bytes = (place: number, pick: (table: string) => boolean): number =>
    Object.entries(steps[place]?.bytesPerTask ?? {})
      .filter(([table]) => pick(table))
      .reduce((sum, [, each]) => sum + each, 0);
  const stack = (name: string, pick: (table: string) => boolean, more: object = {}): object => ({
    name,
    type: 'bar',
    stack: 'hopper',
    barMaxWidth: 70,
    data: steps.map((_, place) => round(bytes(place, pick) / KILOBYTE)),
    ...more,
  });
  const aim = mostBytesPerTask / KILOBYTE;
  return {
    name: 'growth-parked',
    option: {
      ...heading('Room of a task that waits for an accept', "kB of each task, in Hopper's tables with their indexes"),
      xAxis: {
        ...named('tasks that wait', 26),
        type: 'category',
        data: steps.map(({ parked }) => count.format(parked)),
      },
      yAxis: {
        ...named('kB', 36),
        type: 'value',
        max: (range: { max: number }) => Math.ceil(Math.max(range.max, aim * 1.1)),
      },
      series: [
        ...[...shown].map((table, place) =>
          stack(table, (each) => each === table, place === 0 ? aimAt(aim, `aim ${String(aim)} kB`) : {}),
        ),
        stack('other tables', (each) => !shown.has(each)),
      ],
    },
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
