import type { ExplanationResponse, WayStepResponse } from '../../domain/explain/explanation.schema.ts';
import type { DelegationStatus } from '../../domain/delegation.ts';
import type { StepAction } from '../../domain/explain/explanation.ts';
import { clockOf } from '../../domain/explain/phrases.ts';
import type { Colours, Output } from '../output.ts';
import { plain } from '../plain.ts';
import { candidateLines } from './candidates.view.ts';
import { wrapped } from './lines.ts';
import { relative } from './short-time.ts';

export interface ExplanationView {
  readonly now: Date;
  readonly width: number;
  /** Every candidate of every decision. */
  readonly isAll: boolean;
}

/** Where a task is, why it went there, and what it waits for, to be understood at once. */
export function showExplanation(out: Output, explanation: ExplanationResponse, view: ExplanationView): void {
  const { colours } = out;
  for (const line of wrapped(explanation.headline, view.width)) out.line(colours.bold(line));
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Where', whereLines(explanation, view, colours)],
    ['Why', whyLines(explanation, view, colours)],
    ['Waits for', waitLines(explanation, view, colours)],
    ['Not asked', notAskedLines(explanation, view, colours)],
  ];
  for (const [title, lines] of sections) {
    if (lines.length === 0) continue;
    out.line();
    out.line(colours.cyan(title));
    for (const line of lines) out.line(line);
  }
}

function whereLines({ where, ended }: ExplanationResponse, { now }: ExplanationView, colours: Colours) {
  const { instance, path, since } = where;
  const status = instance.status === 'running' ? '' : ` ${colours.yellow(instance.status)}`;
  const here =
    ended === null ? `← here since ${clock(since, now)} (${ago(since, now)})` : `← ended here, ${ago(ended.at, now)}`;
  return path.map(({ name, scope }, depth) => {
    const branch = depth === 0 ? '' : `${'   '.repeat(depth - 1)}└─ `;
    const shown = `  ${branch}${colours.bold(plain(name))} ${colours.dim(scope)}`;
    return depth === path.length - 1 ? `${shown}${status}  ${here}` : shown;
  });
}

function whyLines(explanation: ExplanationResponse, view: ExplanationView, colours: Colours): readonly string[] {
  const { why, why_left_out: leftOut } = explanation;
  const withOthers = why.filter(({ candidates }) => candidates.length > 0);
  const tabled = withOthers.findLast(({ action }) => !AT_REST.includes(action)) ?? withOthers.at(-1);
  const before = leftOut === 0 ? [] : [colours.dim(`  … ${String(leftOut)} earlier decisions: hopper chain TASK`)];
  const steps = why.flatMap((step) => stepLines(step, view, colours, view.isAll || step === tabled));
  return [...before, ...steps];
}

/** What stays where it is was decided before the others were looked at: they say little. */
const AT_REST: readonly StepAction[] = ['execute', 'queue'];

const KEEPS = {
  delegate: 'hands it on',
  reassign: 'hands it on',
  execute: 'does it itself',
  queue: 'puts it into its queue',
  escalate: 'gives it back',
  reject: 'finds nobody for it',
  decompose: 'splits it',
} as const satisfies Record<StepAction, string>;

function stepLines(step: WayStepResponse, view: ExplanationView, colours: Colours, withTable: boolean) {
  const { instance, action, target, reason, strategy, policy_hash: hash } = step;
  const name = plain(instance.name);
  const arrow = action === 'escalate' ? '↑' : '→';
  const head = target === null ? `${name} ${KEEPS[action]}` : `${name} ${arrow} ${plain(target.name)}`;
  const facts = [
    strategy === 'by_hand' ? 'by hand' : strategy.replaceAll('_', ' '),
    hash === null ? null : `policy ${hash.slice(0, 8)}`,
    ago(step.at, view.now),
  ].filter((fact) => fact !== null);
  const table = { colours, width: view.width, indent: '    ', isAll: view.isAll };
  return [
    `  ${colours.bold(head)}  ${colours.dim(facts.join(' · '))}`,
    ...wrapped(reason, view.width, '    '),
    ...outcomeLines(step, view, colours),
    ...(withTable ? candidateLines(step, table) : []),
  ];
}

const OUTCOMES = {
  pending: 'no answer yet',
  accepted: 'accepted',
  completed: 'accepted',
  rejected: 'rejected',
  expired: 'expired',
  cancelled: 'withdrawn, or left again',
} as const satisfies Record<DelegationStatus, string>;

/** An acceptance of its own accord and without words is what everybody expects of a hop. */
function outcomeLines(
  { outcome, target }: WayStepResponse,
  { width }: ExplanationView,
  colours: Colours,
): readonly string[] {
  if (outcome === null) return [];
  const { status, by, notes } = outcome;
  const isYes = status === 'accepted' || status === 'completed';
  if (isYes && notes === null && by === target?.name) return [];
  const said = notes === null ? '' : `: “${notes}”`;
  const who = by === null || status === 'cancelled' ? '' : ` by ${by}`; // a hop that was left names who accepted it
  const lines = wrapped(`${OUTCOMES[status]}${who}${said}`, width, '    ');
  const isNo = status === 'rejected' || status === 'expired';
  return lines.map(isNo ? colours.red : colours.dim);
}

function waitLines({ waits_for: wait }: ExplanationResponse, view: ExplanationView, colours: Colours) {
  if (wait === null) return [];
  const until = wait.until === null ? '' : `, until ${clock(wait.until, view.now)} (${relative(wait.until, view.now)})`;
  const times = `since ${clock(wait.since, view.now)} (${ago(wait.since, view.now)})${until}`;
  return [
    ...wrapped(wait.what, view.width, '  '),
    ...wrapped(times, view.width, '  ').map(colours.dim),
    ...wait.how.flatMap((how) => commandLines(how, view, colours)),
  ];
}

/** A command with its remark behind it, or below it where that is too long. */
function commandLines(how: string, { width }: ExplanationView, colours: Colours): readonly string[] {
  const [command = '', remark] = plain(how).split('  # ');
  const line = `    ${command}`;
  if (remark === undefined) return [line];
  if (line.length + remark.length + 4 <= width) return [`${line}  ${colours.dim(`# ${remark}`)}`];
  return [line, ...wrapped(remark, width - 2, '      ').map((each) => colours.dim(each.replace(/^ {6}/, '      # ')))];
}

function notAskedLines({ not_asked: notAsked }: ExplanationResponse, { width }: ExplanationView, colours: Colours) {
  return notAsked.flatMap(({ instance, why }) => {
    const [first = '', ...rest] = wrapped(`${instance.name} ${why}`, width, '  ');
    const name = plain(instance.name);
    return [first.replace(name, () => colours.bold(name)), ...rest.map((line) => `  ${line}`)];
  });
}

function clock(iso: string, now: Date): string {
  return clockOf(new Date(iso), now);
}

function ago(iso: string, now: Date): string {
  const words = relative(iso, now);
  return words === 'now' ? 'just now' : words;
}
