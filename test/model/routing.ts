import type { Exclusion } from '../../src/domain/task.ts';
import { FOR_COMPLEX, type Place, RETRYABLE_REFUSALS, TRAITS, WANTS } from './tree.ts';
import { type ModelTask, type World, become, end, hopFromAbove, isHeld, isOver, offerOf } from './world.ts';

/** What an instance makes of a task, before it is done. */
type Decision = Place | 'work' | 'up' | 'later' | 'nobody';

/** Takes a task that is routing to where it rests. */
export function decide(world: World, task: ModelTask): void {
  while (task.status === 'routing' && !task.isPostponed) takeOneStep(world, task);
}

function takeOneStep(world: World, task: ModelTask): void {
  const decision = decisionAt(world, task);
  if (isPlace(decision)) {
    handTo(world, task, decision, 'route');
    return;
  }
  switch (decision) {
    case 'work':
      become(world, task, 'queued');
      return;
    case 'later':
      task.isPostponed = true;
      return;
    case 'up':
      if (hopFromAbove(task) === undefined) become(world, task, 'blocked', { blockedOn: 'held' });
      else climb(world, task, 'stopped');
      return;
    case 'nobody':
      giveUp(world, task);
  }
}

const isPlace = (decision: Decision): decision is Place => decision in TRAITS;

/** Who does not run decides nothing; a Global never works, a project hands on what is complex, an orchestration works (rules B4, G1, P1, O1). */
function decisionAt(world: World, task: ModelTask): Decision {
  const { status } = world.places[task.at];
  if (status === 'stopping' || status === 'stopped') return 'up';
  const { scope } = TRAITS[task.at];
  if (scope === 'orchestration' || (scope === 'project' && !task.isComplex)) return 'work';
  const asked = askedInOrder(task);
  const running = asked.filter((place) => world.places[place].status === 'running' && place !== task.entry);
  const first = running.find((place) => standingOf(task, place) === 'free');
  if (first !== undefined) return first;
  if (running.some((place) => standingOf(task, place) === 'postponed')) return 'later';
  return scope === 'project' ? 'work' : 'nobody';
}

function askedInOrder({ at, want }: ModelTask): readonly Place[] {
  if (at === 'global') return want === null ? [] : WANTS[want].order;
  return at === 'gamma' ? FOR_COMPLEX : [];
}

/** A firm "no" and an escalation count for good, a retryable "no" until later, the third of them for good; a stop never (rules R3, R8, I4). */
function standingOf({ exclusions }: ModelTask, place: Place): 'free' | 'postponed' | 'excluded' {
  const why = exclusions.filter((each) => each.at === place).map((each) => each.why);
  if (why.includes('refused') || why.includes('escalated')) return 'excluded';
  const times = why.filter((each) => each === 'postponed').length;
  if (times === 0) return 'free';
  return times >= RETRYABLE_REFUSALS ? 'excluded' : 'postponed';
}

/** Nobody takes it: held where a stop sent it away or the policy says so, failed if it was tried, else rejected (rules R7, I4). */
function giveUp(world: World, task: ModelTask): void {
  const wasSentAway = task.exclusions.some((each) => each.why === 'stopped');
  if (world.onUnroutable === 'hold' || wasSentAway) become(world, task, 'blocked', { blockedOn: 'held' });
  else end(world, task, task.totalAttempts > 0 ? 'failed' : 'rejected', { by: 'hopper', how: 'unroutable' });
}

/** Offers a task where somebody decides by hand, and takes it there where nobody has to. */
export function handTo(world: World, task: ModelTask, to: Place, type: 'route' | 'reassign', from = task.at): void {
  const { asks } = TRAITS[to];
  const status = asks ? 'pending' : 'accepted';
  task.chain.push({ from, to, type, status, said: null });
  become(world, task, asks ? 'offered' : 'routing', { at: asks ? from : to });
}

/** The holder's hop is left, and the way up is on record as done (rule R4). */
export function climb(world: World, task: ModelTask, why: Exclusion['why']): void {
  const leaf = hopFromAbove(task);
  if (leaf === undefined) throw new TypeError('nobody is above');
  leaf.status = 'cancelled';
  task.chain.push({ from: leaf.to, to: leaf.from, type: 'escalate', status: 'completed', said: null });
  task.exclusions.push({ at: leaf.to, why });
  become(world, task, 'routing', { at: leaf.from });
}

/** A held task goes on as soon as somebody would take it (rule R9). */
export function releaseHeld(world: World): void {
  for (const task of world.tasks.filter((each) => isHeld(each) && !isOver(each))) {
    const decision = decisionAt(world, task);
    const isTaken =
      decision === 'up' ? hopFromAbove(task) !== undefined : decision !== 'nobody' && decision !== 'later';
    if (!isTaken) continue;
    become(world, task, 'routing');
    decide(world, task);
  }
}

/** What leaves an instance that stops, and when it is stopped (rules I4, I5). */
export function drain(world: World): void {
  for (const [name, place] of Object.entries(world.places)) {
    if (place.status !== 'stopping') continue;
    for (const task of world.tasks) leave(world, task, name as Place, place.isForced);
    if (!world.tasks.some((task) => hasToLeave(task, name as Place))) place.status = 'stopped';
  }
}

function leave(world: World, task: ModelTask, place: Place, isForced: boolean): void {
  if (!hasToLeave(task, place)) return;
  const offer = offerOf(task);
  if (offer !== undefined) {
    offer.status = 'cancelled';
    task.exclusions.push({ at: place, why: 'stopped' });
    become(world, task, 'routing');
  } else if (task.isPostponed) become(world, task, 'routing');
  else if (task.status === 'waiting' || (isAtWorker(task) && !isForced)) return;
  else if (hopFromAbove(task) === undefined) become(world, task, 'blocked', { blockedOn: 'held' });
  else climb(world, task, 'stopped');
  decide(world, task);
}

/** Somebody works on it, or waits for the answer to a question. */
const isAtWorker = ({ status, blockedOn }: ModelTask): boolean => status === 'in_progress' || blockedOn === 'question';

function hasToLeave(task: ModelTask, place: Place): boolean {
  if (isOver(task)) return false;
  const offer = offerOf(task);
  const isHeldAtEntry = isHeld(task) && task.entry === place;
  return (task.at === place && !isHeldAtEntry) || offer?.to === place;
}
