import type { InstanceStatus } from '../instance.ts';
import type { ExplainedInstance, NamedRef } from './explanation.ts';
import { instanceIn } from './facts.ts';
import { whoIsNotAsked } from './not-asked.ts';
import { asideOn, clockOf, lengthOf } from './phrases.ts';
import type { Situation, Stand } from './stand.ts';

const PATIENCE_MS = 60_000;
const START_WORKER = 'hopper worker  # starts one; `hopper up` starts everything on this machine';

/** Between two decisions: a moment, unless no worker runs or everybody wants to be asked later. */
export function routing(situation: Situation): Stand {
  const { task, now, title, here, since } = situation;
  if (task.retryAt !== null) return postponed(situation, task.retryAt);
  const late = now.getTime() - since.getTime();
  const aside = asideOn(here);
  if (late < PATIENCE_MS) {
    const what = `${here.name} to decide where it goes, which takes a moment${aside}`;
    const headline = `${title} is at ${here.name}, which is about to decide where it goes${aside}.`;
    return open(headline, { what, who: refOf(here), since, until: null, how: [] });
  }
  const nobody = `no worker has taken it for ${lengthOf(late)}: is one running?`;
  const what = `a worker to carry out the next step at ${here.name}; ${nobody}`;
  const headline = `${title} waits at ${here.name} to be routed; ${nobody}`;
  return open(headline, { what, who: null, since, until: null, how: [START_WORKER] });
}

function postponed({ facts, task, now, title, here, since }: Situation, retryAt: Date): Stand {
  const at = clockOf(retryAt, now);
  const isDue = retryAt <= now;
  const first = whoIsNotAsked(facts).find(({ until }) => until?.getTime() === retryAt.getTime())?.instance ?? null;
  const name = first === null ? 'somebody who could take it' : first.name;
  const verb = isDue ? `is asked again now (${at} has come)` : `is asked again at ${at}`;
  return open(`${title} waits at ${here.name} until ${name} ${verb}.`, {
    what: `${name}, who wanted to be asked later and ${verb}${asideOn(here)}`,
    who: first,
    since,
    until: retryAt,
    how: [`hopper task reroute ${task.id}  # asks everybody again at once`],
  });
}

/** An instance that has begun to stop accepts nothing. */
const CAN_ACCEPT = {
  created: false,
  starting: false,
  running: true,
  paused: true,
  stopping: false,
  stopped: false,
  error: false,
  terminated: false,
} as const satisfies Record<InstanceStatus, boolean>;

/** Somebody has to say yes or no, before the offer runs out. */
export function offered(situation: Situation): Stand {
  const { facts, task, now, title, offer } = situation;
  if (offer === undefined) return routing(situation);
  const target = instanceIn(facts, offer.targetInstanceId);
  const { expiresAt, delegatedAt: since } = offer;
  const wait = { who: refOf(target), since, until: expiresAt };
  const reroute = `hopper task reroute ${task.id}  # withdraws the offer and decides anew`;
  if (expiresAt !== null && expiresAt <= now) {
    const late = `ran out at ${clockOf(expiresAt, now)}, but no worker has noticed: is one running?`;
    const what = `a worker to take the offer to ${target.name} back, which ${late}`;
    return open(`${title} is offered to ${target.name}; the offer ${late}`, { ...wait, what, how: [START_WORKER] });
  }
  if (!CAN_ACCEPT[target.status]) {
    const what = `its offer to be taken back: ${target.name} takes no work${asideOn(target)}`;
    return open(`${title} is offered to ${target.name}, which takes no work${asideOn(target)}.`, {
      ...wait,
      what,
      how: [reroute],
    });
  }
  const until = expiresAt === null ? '' : ` (until ${clockOf(expiresAt, now)})`;
  const headline = `${title} is offered to ${target.name} and waits for somebody there to accept it${until}.`;
  return open(headline, {
    ...wait,
    what: `somebody at ${target.name} to accept or reject it${afterwards(expiresAt, now)}${asideOn(target)}`,
    how: [`hopper accept ${offer.id}`, `hopper reject ${offer.id} --reason WHY`, reroute],
  });
}

function afterwards(expiresAt: Date | null, now: Date): string {
  return expiresAt === null ? '' : `; at ${clockOf(expiresAt, now)} it goes elsewhere`;
}

function open(headline: string, waitsFor: NonNullable<Stand['waitsFor']>): Stand {
  return { headline, waitsFor, ended: null };
}

function refOf({ id, name }: ExplainedInstance): NamedRef {
  return { id, name };
}
