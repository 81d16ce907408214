import { machineLines, ms } from '../figures.ts';
import { CASE, type Target } from './cases.ts';
import { CONTENDERS, type ContenderName } from './contender.ts';
import type { CaseReport, Each, Figures, Held, NextHopFigures, Report } from './report.ts';

const TITLE = { hopper: 'Hopper', floor: 'floor', bareFloor: 'bare floor' } as const satisfies Record<
  ContenderName,
  string
>;

/** The report as a person reads it, and as docs/performance.md shows it. */
export function tableOf(report: Report): string {
  return [
    ...machineLines(report),
    `Temporal ${report.temporal}, SDK ${report.sdk}, ${report.minutes.toFixed(1)} minutes.`,
    ...report.cases.flatMap((each) => ['', ...linesOf(each)]),
  ].join('\n');
}

function linesOf(each: CaseReport): string[] {
  const head = `(${each.name}) ${CASE[each.name].title}`;
  switch (each.status) {
    case 'failed':
      return [head, '', `**failed**, so there is no figure: ${each.reason}`];
    case 'timed':
      return [head, '', ...timesOf(each.figures), '', ...each.targets.map(targetLine)];
    case 'measured':
      return [`${head}; ${String(each.figures.hopper.rounds)} rounds`, '', ...measuredLines(each)];
  }
}

function measuredLines({ figures, ratios, targets }: Extract<CaseReport, { status: 'measured' }>): string[] {
  const cells = (values: readonly string[]): string => `| ${values.join(' | ')} |`;
  const rate = (name: ContenderName): string[] => {
    const { tasksPerSecond, p50, p95, p99 } = figures[name];
    const ratio = name === 'hopper' ? '' : ratios[name].toFixed(2);
    return [TITLE[name], tasksPerSecond.toFixed(1), ratio, ms(p50), ms(p95), ms(p99)];
  };
  return [
    '| | tasks/s | Hopper ÷ it | p50 ms | p95 | p99 |',
    '|---|---:|---:|---:|---:|---:|',
    ...CONTENDERS.map((name) => cells(rate(name))),
    '',
    '| of one task | CPU-ms Temporal | worker | API | database | client | events | workflow tasks | commits | of a hop | statements |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...CONTENDERS.map((name) => cells([TITLE[name], ...costOf(figures[name])])),
    ...(targets.length === 0 ? [] : ['', ...targets.map(targetLine)]),
  ];
}

function costOf({ cpu, sample }: Figures): string[] {
  const times = [cpu.temporal, cpu.worker, cpu.api, cpu.database, cpu.client];
  const { events, workflowTasks, commits, hopCommits, statements } = sample;
  return [
    ...times.map((time) => (time === null ? '' : time.toFixed(1))),
    ...[events, workflowTasks, commits, hopCommits, statements].map((count) => count.toFixed(1)),
  ];
}

function timesOf(figures: Each<NextHopFigures>): string[] {
  const line = (name: ContenderName): string => {
    const { decisions, sinceSent, sinceAnswer } = figures[name];
    const times = [sinceSent.p50, sinceSent.p99, sinceAnswer.p50, sinceAnswer.p99].map(ms);
    return `| ${[TITLE[name], String(decisions), ...times].join(' | ')} |`;
  };
  return [
    '| | decisions | since it was sent p50 ms | p99 | since its answer p50 | p99 |',
    '|---|---:|---:|---:|---:|---:|',
    ...CONTENDERS.map(line),
  ];
}

function targetLine({ target, measured, isMet }: Held): string {
  return `- ${wordsFor(target)}: ${target.kind === 'share' ? percent(measured) : measured.toFixed(1)}, ${isMet ? 'met' : '**missed**'}`;
}

function wordsFor(target: Target): string {
  switch (target.kind) {
    case 'share':
      return `at least ${percent(target.atLeast)} of the ${TITLE[target.of]}’s tasks per second`;
    case 'events':
      return `at most ${String(target.atMost)} history events`;
    case 'hopCommits':
      return `at most ${String(target.atMost)} commits a hop`;
    case 'nextHopP50':
      return `next hop within ${String(target.atMost)} ms p50 of the decision`;
    case 'nextHopP99':
      return `next hop within ${String(target.atMost)} ms p99 of the decision`;
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
