import { assertNever } from '../../domain/assert-never.ts';
import type { ChainLinkResponse, DelegationChainResponse } from '../../domain/delegation.schema.ts';
import type { DelegationStatus } from '../../domain/delegation.ts';
import type { Scope } from '../../domain/instance.ts';
import type { DecisionResponse } from '../../domain/routing-decision.schema.ts';
import type { TaskResponse } from '../../domain/task.schema.ts';
import type { Colours, Output } from '../output.ts';
import { plain } from '../plain.ts';
import { colourOf, type Names } from './task-view.ts';

/** Everything that is known about the way of a task. */
export interface Way {
  readonly task: TaskResponse;
  readonly chain: DelegationChainResponse;
  readonly decisions: readonly DecisionResponse[];
  readonly names: Names;
}

const INDENT = { global: '', project: '  ', orchestration: '    ' } as const satisfies Record<Scope, string>;
const MARK = {
  pending: '…',
  accepted: '●',
  completed: '✔',
  rejected: '✘',
  expired: '✘',
  cancelled: '○',
} as const satisfies Record<DelegationStatus, string>;

/** Who handed the task to whom and why, from top to bottom in the order it happened. */
export function showChainTree(out: Output, way: Way): void {
  const { task, chain, names } = way;
  const { colours } = out;
  const facts = [task.priority, task.tags.join(', '), task.id].filter((fact) => fact !== '').map(plain);
  out.line(colours.bold(plain(task.title)));
  out.line(`${colourOf(task.status, colours)(task.status)}${colours.dim(` · ${facts.join(' · ')}`)}`);
  out.line();
  out.line(
    `● ${colours.bold(nameOf(names, chain.origin_instance_id))} ${colours.dim(`entered here${partWords(task)}`)}`,
  );
  for (const link of chain.chain) for (const line of linkLines(link, colours)) out.line(line);
  out.line();
  const next = howToGoOn(way);
  out.line(`${colours.dim('now:')} ${whereItIs(way)}${next === null ? '' : colours.dim(`: ${next}`)}`);
}

/** A part began where its whole was split. */
function partWords({ parent_task_id: whole, part_key: key }: TaskResponse): string {
  return whole === null ? '' : ` as part ${plain(JSON.stringify(key))} of ${whole}`;
}

function linkLines(link: ChainLinkResponse, colours: Colours): readonly string[] {
  const indent = INDENT[link.target_instance.scope];
  const mark = statusColour(link.status, colours)(MARK[link.status]);
  const head = `${indent}${mark} ${colours.dim(String(link.hop))} ${link.delegation_type} ${arrow(link)} ${colours.bold(plain(link.target_instance.name))}`;
  const said = [
    link.reason === null ? null : `because ${plain(link.reason)}`,
    link.notes === null
      ? null
      : `“${plain(link.notes)}”${link.rejection_code === null ? '' : ` (${plain(link.rejection_code)})`}`,
  ].filter((line) => line !== null);
  return [
    `${head} ${colours.dim(`${link.target_instance.scope},`)} ${statusColour(link.status, colours)(verdictOf(link))}`,
    ...said.map((line) => `${indent}    ${colours.dim(line)}`),
  ];
}

function verdictOf({
  delegation_type: type,
  status,
  decided_by: by,
  accepted_at: acceptedAt,
}: ChainLinkResponse): string {
  if (by === null) return status;
  if (type === 'escalate') return `given back by ${plain(by)}`;
  if (type === 'decompose') return `${status}, split off by ${plain(by)}`;
  return status === 'accepted' || acceptedAt === null
    ? `${status} by ${plain(by)}`
    : `${status}, accepted by ${plain(by)}`;
}

function arrow({ source_instance: source, target_instance: target }: ChainLinkResponse): string {
  if (source.id === target.id) return 'at';
  return INDENT[target.scope].length < INDENT[source.scope].length
    ? `${plain(source.name)} ↑`
    : `${plain(source.name)} →`;
}

/** One sentence: where the task is, and what it waits for. */
export function whereItIs({ task, chain, decisions, names }: Way): string {
  const at = nameOf(names, task.instance_id);
  const offer = chain.chain.findLast(({ status }) => status === 'pending');
  const last = decisions.at(-1);
  switch (task.status) {
    case 'routing':
      return `${at} is deciding where it goes`;
    case 'offered':
      return `waits for ${offer === undefined ? 'somebody' : plain(offer.target_instance.name)} to accept or reject it`;
    case 'queued':
      return `waits at ${at} for somebody to do it${last === undefined ? '' : ` (${plain(last.reason)})`}`;
    case 'in_progress':
      return `is being worked on at ${at}`;
    case 'waiting':
      return `waits at ${at} for its parts`;
    case 'blocked':
      return `waits at ${at} for a person (${task.blocked_on ?? 'held'})`;
    case 'completed':
      return `completed at ${at}${task.finished_by === null ? '' : ` by ${plain(task.finished_by)}`}`;
    case 'failed':
    case 'rejected':
    case 'cancelled':
      return `${task.status}${task.failure === null ? '' : `: ${plain(task.failure.reason)}`}`;
    default:
      return assertNever(task.status);
  }
}

/** What a person can type now to move the task; null: nothing waits for a person's word. */
function howToGoOn({ task, chain: { chain } }: Way): string | null {
  const offer = chain.findLast(({ status }) => status === 'pending');
  if (task.status === 'offered' && offer !== undefined)
    return `hopper accept ${offer.id}, or hopper reject ${offer.id} --reason WHY`;
  if (task.status !== 'queued') return null;
  const held = chain.findLast(
    ({ status, target_instance_id: target }) => status === 'accepted' && target === task.instance_id,
  );
  return held === undefined ? `hopper task complete ${task.id}` : `hopper complete ${held.id}`;
}

function statusColour(status: DelegationStatus, colours: Colours): (text: string) => string {
  const table = {
    pending: colours.yellow,
    accepted: colours.blue,
    completed: colours.green,
    rejected: colours.red,
    expired: colours.red,
    cancelled: colours.dim,
  } satisfies Record<DelegationStatus, (text: string) => string>;
  return table[status];
}

function nameOf(names: Names, id: string): string {
  return plain(names.get(id) ?? id);
}
