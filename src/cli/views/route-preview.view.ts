import { assertNever } from '../../domain/assert-never.ts';
import type { PreviewedDecisionResponse, RoutePreviewResponse } from '../../domain/route-preview.schema.ts';
import { lengthOf } from '../../domain/explain/phrases.ts';
import type { Colours, Output } from '../output.ts';
import { plain } from '../plain.ts';
import { candidateLines } from './candidates.view.ts';
import { wrapped } from './lines.ts';

/** Every decision that a task would get, with its candidates, and how the task would stand then. */
export function showPreview(out: Output, { decisions, outcome }: RoutePreviewResponse, width: number): void {
  const { colours } = out;
  for (const line of wrapped(outcomeWords(outcome), width)) out.line(colours.bold(line));
  for (const decision of decisions) {
    out.line();
    for (const line of decisionLines(decision, width, colours)) out.line(line);
  }
  out.line();
  out.line(colours.dim('Nothing was changed.'));
}

const KEEPS = {
  delegate: 'hands it on',
  execute: 'does it itself',
  queue: 'puts it into its queue',
  escalate: 'gives it back',
  reject: 'finds nobody for it',
  wait: 'finds nobody for it yet',
  hold: 'cannot decide',
  decompose: 'splits it',
} as const satisfies Record<PreviewedDecisionResponse['action'], string>;

function decisionLines(decision: PreviewedDecisionResponse, width: number, colours: Colours): readonly string[] {
  const { instance, action, target, creates, reason, strategy, policy_hash: hash } = decision;
  const head =
    target === null
      ? `${plain(instance.name)} ${KEEPS[action]}`
      : `${plain(instance.name)} → ${plain(target.name)}${creates === null ? '' : ` (a new ${target.scope})`}`;
  const facts = [strategy.replaceAll('_', ' '), `policy ${hash.slice(0, 8)}`].join(' · ');
  const table = { colours, width, indent: '  ', isAll: false };
  return [
    `${colours.bold(head)}  ${colours.dim(facts)}`,
    ...wrapped(reason, width, '  '),
    ...(target?.acceptance === 'manual' ? [colours.yellow(byHand(target))] : []),
    ...candidateLines(decision, table),
  ];
}

function byHand({ name, acceptance_timeout_seconds: seconds }: { name: string; acceptance_timeout_seconds: number }) {
  return `  accepts by hand: somebody at ${plain(name)} would have ${lengthOf(seconds * 1_000)} to say yes or no`;
}

function outcomeWords({
  status,
  instance,
  blocked_on: blockedOn,
  retry_at: at,
  failure,
}: RoutePreviewResponse['outcome']) {
  const { name } = instance;
  const reason = failure === null ? '' : `: ${failure.reason}`;
  switch (status) {
    case 'queued':
    case 'in_progress':
    case 'offered':
      return `It would wait at ${name} to be done.`;
    case 'waiting':
      return `It would wait at ${name} for its parts.`;
    case 'blocked':
      return `It would be ${blockedOn ?? 'held'} at ${name} for a person.`;
    case 'routing':
      return `It would wait at ${name}${at === null ? '' : ` until ${at}`}, when others may be asked again.`;
    case 'completed':
    case 'failed':
    case 'rejected':
    case 'cancelled':
      return `It would be ${status} at ${name}${reason}.`;
    default:
      return assertNever(status);
  }
}
