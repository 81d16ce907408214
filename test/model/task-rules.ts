import { type Answer, type Command, DONE, type Person, type Refusal, refused } from './command.ts';
import { climb, decide, handTo } from './routing.ts';
import { type Place, TRAITS } from './tree.ts';
import {
  type Hop,
  type ModelTask,
  type World,
  become,
  end,
  hopFromAbove,
  isAtWork,
  isHeld,
  isOver,
  offerOf,
  openLeaseOf,
  pathOf,
} from './world.ts';

type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/** An accepted offer takes the task to its target (rules D4 and D6). */
export function accept(world: World, task: ModelTask, hop: Hop, { by }: Of<'accept'>): Answer {
  if (hop.status !== 'pending') {
    const isRepeat = hop.said?.by === by && hop.said.what === 'accepted';
    return isRepeat ? DONE : refused('delegation_conflict', hop.status);
  }
  const { status } = world.places[hop.to];
  if (status === 'stopping' || status === 'stopped') return refused('delegation_conflict', status);
  Object.assign(hop, { status: 'accepted', said: { by, what: 'accepted' } });
  become(world, task, 'routing', { at: hop.to });
  decide(world, task);
  return DONE;
}

/** A refused offer leaves the task where it was, and its target is not asked again, or later (rules R3 and R8). */
export function reject(world: World, task: ModelTask, hop: Hop, { by, retryable }: Of<'reject'>): Answer {
  const what = retryable ? 'postponed' : 'refused';
  if (hop.status !== 'pending') {
    const isRepeat = hop.said?.by === by && hop.said.what === what;
    return isRepeat ? DONE : refused('delegation_conflict', hop.status);
  }
  Object.assign(hop, { status: 'rejected', said: { by, what } });
  task.exclusions.push({ at: hop.to, why: what });
  become(world, task, 'routing');
  decide(world, task);
  return DONE;
}

/** By hand, for whoever holds the task, or through the delegation that is named (rules B5, D6, T3, W6). */
export function complete(
  world: World,
  task: ModelTask,
  { by, force = false }: { readonly by: Person; readonly force?: boolean },
  named: Hop | null = null,
): Answer {
  if (isOver(task)) {
    const isRepeat = isEndedSo(task, 'completed', by, 'by hand') && (named === null || named.status === 'completed');
    return isRepeat ? DONE : refused('task_conflict', task.status);
  }
  if (named !== null && named.status !== 'accepted') return refused('delegation_conflict', named.status);
  const conflict = finishingConflict(world, task, force);
  if (conflict !== null) return conflict;
  if (named !== null && named !== pathOf(task).at(-1)) return refused('delegation_conflict', 'accepted');
  end(world, task, 'completed', { by, how: 'by hand' });
  return DONE;
}

export function fail(world: World, task: ModelTask, { by, force }: Of<'fail'>): Answer {
  if (isOver(task)) return isEndedSo(task, 'failed', by, 'by hand') ? DONE : refused('task_conflict', task.status);
  const conflict = finishingConflict(world, task, force);
  if (conflict !== null) return conflict;
  end(world, task, 'failed', { by, how: 'by hand' });
  return DONE;
}

/** In every open state (rule T3). */
export function cancel(world: World, task: ModelTask, { by }: Of<'cancel'>): Answer {
  if (isOver(task)) return isEndedSo(task, 'cancelled', by, 'by hand') ? DONE : refused('task_conflict', task.status);
  end(world, task, 'cancelled', { by, how: 'by hand' });
  return DONE;
}

/** The instance above gets it back, and the holder is not asked again (rule R4). */
export function escalate(world: World, task: ModelTask): Answer {
  if (!isAtWork(task) || hopFromAbove(task) === undefined) return refused('task_conflict', task.status);
  climb(world, task, 'escalated');
  decide(world, task);
  return DONE;
}

/** The offer is withdrawn, or the holder's hop is left; it is decided anew, and nobody is excluded (rule T4). */
export function reroute(world: World, task: ModelTask, { force }: Of<'reroute'>): Answer {
  const offer = offerOf(task);
  const leaf = hopFromAbove(task);
  if (offer !== undefined) {
    offer.status = 'cancelled';
    become(world, task, 'routing');
  } else if (task.isPostponed) {
    const lasting = task.exclusions.filter((each) => each.why !== 'postponed');
    task.exclusions.splice(0, Infinity, ...lasting);
    become(world, task, 'routing');
  } else if (isHeld(task)) become(world, task, 'routing');
  else if (!isAtWork(task)) return refused('task_conflict', task.status);
  else if (openLeaseOf(world, task) !== undefined && !force) return refused('lease_conflict');
  else {
    if (leaf !== undefined) leaf.status = 'cancelled';
    become(world, task, 'routing', { at: leaf?.from ?? task.at });
  }
  decide(world, task);
  return DONE;
}

/** To a named instance; every hop that is not above it is left (rule T5). */
export function reassign(world: World, task: ModelTask, { to }: Of<'reassign'>): Answer {
  const offer = offerOf(task);
  if (offer === undefined && !isAtWork(task) && !isHeld(task) && !task.isPostponed)
    return refused('task_conflict', task.status);
  const onPath = [task.entry, ...pathOf(task).map((hop) => hop.to)];
  const hasRefused = task.exclusions.some((each) => each.at === to && each.why === 'refused');
  if (to === 'global' || onPath.includes(to) || hasRefused) return refused('target_not_allowed');
  if (world.places[to].status !== 'running') return refused('target_not_allowed', world.places[to].status);
  if (offer !== undefined) offer.status = 'cancelled';
  for (const hop of pathOf(task)) if (hop.from !== hop.to && !isAbove(hop.to, to)) hop.status = 'cancelled';
  handTo(world, task, to, 'reassign', pathOf(task).at(-1)?.to ?? task.entry);
  decide(world, task);
  return DONE;
}

function isAbove(upper: Place, lower: Place): boolean {
  const { parent } = TRAITS[lower];
  return parent !== null && (parent === upper || isAbove(upper, parent));
}

/** Who may not end a task, or split it (rules D6 and W6). */
export function finishingConflict(world: World, task: ModelTask, force: boolean): Refusal | null {
  if (!isAtWork(task)) return refused('task_conflict', task.status);
  return openLeaseOf(world, task) !== undefined && !force ? refused('lease_conflict') : null;
}

/** The same person brought it to this end, in the same way: a repeat, and not a conflict. */
function isEndedSo({ status, end: ended }: ModelTask, as: ModelTask['status'], by: string, how: string): boolean {
  return status === as && ended?.by === by && ended.how === how;
}
