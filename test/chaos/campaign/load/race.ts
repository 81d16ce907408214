import type { DelegationChain } from '../../../../src/domain/chain.ts';
import type { TaskEvent } from '../../../../src/domain/task-event.ts';

/** What one of the eight does, and when. */
export interface Shot {
  readonly actor: string;
  readonly verb: 'accept' | 'reject' | 'reassign' | 'cancel';
  readonly requestId: string;
  readonly delayMs: number;
}

/** `yes`, or the words of the refusal. */
interface Fired {
  readonly shot: Shot;
  readonly answer: string;
}

/** A race that is over: every answer, and what is on record. */
export interface Race {
  readonly taskId: string;
  readonly fired: readonly Fired[];
  readonly repeated: readonly Fired[];
  readonly chain: DelegationChain['chain'];
  readonly events: readonly TaskEvent[];
}

export interface RaceVerdict {
  readonly first: string;
  readonly yes: number;
  readonly no: number;
  readonly repeats: number;
}

const EVENT_OF = {
  accept: 'delegation_accepted',
  reject: 'delegation_rejected',
  reassign: 'task_reassigned',
  cancel: 'task_cancelled',
} as const;
const VERDICTS = ['delegation_accepted', 'delegation_rejected', 'delegation_expired'];
const DECISIONS: readonly string[] = [...Object.values(EVENT_OF), 'delegation_expired'];
const OUTCOME_OF: Readonly<Record<string, string>> = {
  delegation_accepted: 'accepted',
  delegation_rejected: 'rejected',
  delegation_expired: 'expired',
  task_reassigned: 'cancelled',
  task_cancelled: 'cancelled',
};
/** The state, and who decided where somebody did; a task between two steps has nobody to name. */
const REFUSAL = /^(?:delegation|task) is (\w+)(?: \(\w+\))?(?:, by (\w+))?|^spare is on the path of this task already/;

/** Holds every answer of a race against its records; throws what does not fit. */
export function judgeRace({ taskId, fired, repeated, chain, events }: Race): RaceVerdict {
  const wrong = (what: string): never => {
    throw new Error(`task ${taskId}: ${what}\n${JSON.stringify({ fired, repeated, events, chain })}`);
  };
  const offerId = chain[0]?.id ?? '';
  const isAboutIt = ({ type, data }: TaskEvent): boolean => !VERDICTS.includes(type) || names(data, offerId);
  const decisions = events.filter((event) => DECISIONS.includes(event.type) && isAboutIt(event));
  const [first] = decisions;
  if (first === undefined) return wrong('nobody decided');
  const verdicts = decisions.filter(({ type }) => VERDICTS.includes(type));
  if (verdicts.length !== (VERDICTS.includes(first.type) ? 1 : 0)) wrong('the offer was decided more than once');
  if (chain[0]?.decidedBy !== first.actor.name) wrong(`${first.actor.name} was first, and the chain says otherwise`);
  if (![OUTCOME_OF[first.type], 'completed', 'cancelled'].includes(chain[0]?.status ?? ''))
    wrong(`the offer is ${chain[0]?.status ?? 'gone'} after ${first.type}`);

  const deciders = new Set([...decisions.map(({ actor }) => actor.name), 'umpire']);
  for (const { shot, answer } of fired) {
    const own = decisions.filter(({ type, actor }) => type === EVENT_OF[shot.verb] && actor.name === shot.actor);
    if (own.length !== (answer === 'yes' ? 1 : 0))
      wrong(`${shot.actor} was answered "${answer}", and ${String(own.length)} decisions of theirs are on record`);
    if (answer === 'yes') continue;
    const named = REFUSAL.exec(answer);
    if (named === null) wrong(`${shot.actor} was refused without a state: ${answer}`);
    const who = named?.[2];
    if (who !== undefined && !deciders.has(who)) wrong(`${shot.actor} was told of ${who}, who decided nothing`);
    if (answer.startsWith('delegation') && who === undefined)
      wrong(`${shot.actor} was not told who decided: ${answer}`);
  }
  for (const { shot, answer } of repeated) if (answer !== 'yes') wrong(`${shot.actor} repeated, and heard: ${answer}`);
  const yes = fired.filter(({ answer }) => answer === 'yes').length;
  return { first: first.type, yes, no: fired.length - yes, repeats: repeated.length };
}

/** Later offers of the same task are decided too. */
function names({ moves }: TaskEvent['data'], delegationId: string): boolean {
  return JSON.stringify(moves ?? null).includes(delegationId);
}
