import type { Actor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import type { Instance, InstanceStatus, InstanceVerb } from '../domain/instance.ts';
import { canInstanceMove } from '../domain/instance.ts';
import type { InstancePatch } from '../domain/instance.schema.ts';
import { lockInstances } from '../persistence/database.ts';
import { checkConfig } from './check-config.ts';
import { type StopWish, orderStop } from './order-stop.ts';
import type { Ports } from './ports.ts';

export type MoveInstance = (id: string, verb: InstanceVerb, actor: Actor, wish?: StopWish) => Promise<Instance>;
export type PatchInstance = (id: string, patch: InstancePatch, actor: Actor) => Promise<Instance>;

/** The statuses that a verb goes through. */
const WAY = {
  start: ['starting', 'running'],
  stop: ['stopping'],
  pause: ['paused'],
  resume: ['running'],
} as const satisfies Record<InstanceVerb, readonly InstanceStatus[]>;

/** What an instance may be when a verb is used; `start` does not wake a paused one, a second `stop` may come with force. */
const FROM = {
  start: ['created', 'stopped', 'error'],
  stop: ['running', 'paused', 'stopping'],
  pause: ['running'],
  resume: ['paused'],
} as const satisfies Record<InstanceVerb, readonly InstanceStatus[]>;

/** Where an instance is when a verb was done already; a stopping one is stopped by its drain (rule I5). */
const DONE = {
  start: ['running'],
  stop: ['stopped'],
  pause: ['paused'],
  resume: ['running'],
} as const satisfies Record<InstanceVerb, readonly InstanceStatus[]>;

/** Moves an instance along its lifecycle, under its exclusive lock, with an event for each status (rule I1). */
export function createMoveInstance(ports: Ports): MoveInstance {
  const { database, repositories } = ports;
  return (id, verb, actor, wish = {}) =>
    database.transaction(async (transaction) => {
      await lockInstances(transaction, [id], 'exclusive');
      let instance = await repositories.instances.get(transaction, id);
      if (instance === null) throw new DomainError('instance_not_found', `no instance ${id}`);
      const done: readonly InstanceStatus[] = DONE[verb];
      if (done.includes(instance.status)) return instance;
      const allowed: readonly InstanceStatus[] = FROM[verb];
      if (!allowed.includes(instance.status)) throw conflict(instance, verb);
      if (verb === 'stop') return (await orderStop(ports, transaction, instance, wish, actor)) ?? instance;
      for (const to of WAY[verb]) {
        const move = { from: instance.status, to };
        if (!canInstanceMove(instance.status, to)) throw conflict(instance, verb);
        const moved: Instance | null = await repositories.instances.move(transaction, id, move, actor);
        if (moved === null) throw conflict(instance, verb);
        instance = moved;
      }
      return instance;
    });
}

/** Changes the name or the config of an instance, under its exclusive lock. */
export function createPatchInstance(ports: Ports): PatchInstance {
  const { database, repositories } = ports;
  return (id, { name, config }, actor) =>
    database.transaction(async (transaction) => {
      await lockInstances(transaction, [id], 'exclusive');
      const instance = await repositories.instances.get(transaction, id);
      if (instance === null) throw new DomainError('instance_not_found', `no instance ${id}`);
      if (instance.status === 'terminated')
        throw new DomainError('instance_conflict', `${instance.name} is terminated`);
      if (config !== undefined) checkConfig(ports, instance.scope, config);
      const change = { ...(name !== undefined && { name }), ...(config !== undefined && { config }) };
      return (await repositories.instances.change(transaction, instance, change, actor)) ?? instance;
    });
}

function conflict({ name, status }: Instance, verb: InstanceVerb): DomainError {
  const isTooEarly = verb === 'start' && status === 'stopping';
  const hint = isTooEarly ? 'wait until it is stopped, then start it' : `it cannot ${verb}`;
  return new DomainError('instance_conflict', `${name} is ${status}: ${hint}`);
}
