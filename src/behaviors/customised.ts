import type { ScopeBehavior } from '../domain/scopes/scope-behavior.ts';
import { aloneTask, aloneView, frozen } from './frozen.ts';

const METHODS = [
  'handleIncomingTask',
  'shouldDelegate',
  'findDelegationTarget',
  'onTaskCompleted',
  'getTaskQueue',
] as const satisfies readonly (keyof ScopeBehavior<never>)[];

/** A behaviour of any scope: its policy is handed through. */
export type AnyBehavior = ScopeBehavior<never>;

/**
 * The standard behaviour with the methods that a module replaces. A method of a module sees copies that it cannot
 * change, and nothing but what a behaviour may know (rules B2 and F2).
 */
export function customised(standard: AnyBehavior, exported: unknown): AnyBehavior {
  const custom = behaviorIn(isMaker(exported) ? exported(standard) : exported);
  const whole = Object.assign(Object.create(standard) as AnyBehavior, custom);
  return {
    handleIncomingTask: (task, view, policy) =>
      whole.handleIncomingTask(aloneTask(task), aloneView(view), frozen(policy)),
    shouldDelegate: (task, view, policy) => whole.shouldDelegate(aloneTask(task), aloneView(view), frozen(policy)),
    findDelegationTarget: (task, view, policy) =>
      whole.findDelegationTarget(aloneTask(task), aloneView(view), frozen(policy)),
    onTaskCompleted: (task, instance) => whole.onTaskCompleted(aloneTask(task), aloneView({ instance }).instance),
    getTaskQueue: (instance, policy) => whole.getTaskQueue(aloneView({ instance }).instance, frozen(policy)),
  };
}

/** The methods among what a module exports; throws, in words, where there are none or others. */
function behaviorIn(made: unknown): Partial<AnyBehavior> {
  if (typeof made !== 'object' || made === null) {
    throw new TypeError(`it exports no behaviour: export const behavior = { … } with some of ${METHODS.join(', ')}`);
  }
  const members = made as Readonly<Record<string, unknown>>;
  const known: readonly string[] = METHODS;
  const stranger = Object.keys(members).find((name) => typeof members[name] === 'function' && !known.includes(name));
  if (stranger !== undefined)
    throw new TypeError(`${stranger} is no method of a behaviour: those are ${METHODS.join(', ')}`);
  const odd = METHODS.find((name) => members[name] !== undefined && typeof members[name] !== 'function');
  if (odd !== undefined) throw new TypeError(`${odd} is no function`);
  const given = METHODS.filter((name) => members[name] !== undefined);
  if (given.length === 0) throw new TypeError(`its behaviour has none of ${METHODS.join(', ')}`);
  return Object.fromEntries(given.map((name) => [name, members[name]]));
}

function isMaker(exported: unknown): exported is (standard: AnyBehavior) => unknown {
  return typeof exported === 'function';
}
