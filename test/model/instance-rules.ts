import { type Answer, DONE, refused } from './command.ts';
import type { Place } from './tree.ts';
import type { PlaceStatus, World } from './world.ts';

type Verb = 'start' | 'stop' | 'pause' | 'resume';

const FROM = {
  start: ['stopped'],
  stop: ['running', 'paused', 'stopping'],
  pause: ['running'],
  resume: ['paused'],
} as const satisfies Record<Verb, readonly PlaceStatus[]>;

const TO = { start: 'running', stop: 'stopping', pause: 'paused', resume: 'running' } as const satisfies Record<
  Verb,
  PlaceStatus
>;

const ALREADY = { ...TO, stop: 'stopped' } as const satisfies Record<Verb, PlaceStatus>;

/** A verb that was done already changes nothing; an order to force a stop is not taken back (rules I1 and I5). */
export function moveInstance(world: World, at: Place, verb: Verb, force = false): Answer {
  const place = world.places[at];
  if (place.status === ALREADY[verb]) return DONE;
  const allowed: readonly PlaceStatus[] = FROM[verb];
  if (!allowed.includes(place.status)) return refused('instance_conflict', place.status);
  place.isForced = verb === 'stop' && (force || (place.status === 'stopping' && place.isForced));
  place.status = TO[verb];
  return DONE;
}
