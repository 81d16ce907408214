import type { Transaction } from 'sequelize';
import type { Actor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import { type Instance, canInstanceMove } from '../domain/instance.ts';
import { lockInstances } from '../persistence/database.ts';
import { countOpenTasks } from '../persistence/queries/drain.query.ts';
import { type StopWish, orderStop } from './order-stop.ts';
import type { Ports } from './ports.ts';

export type DeleteInstance = (id: string, actor: Actor, wish?: Pick<StopWish, 'force'>) => Promise<Instance>;

const NAMED = 3;

/** Terminates an instance that nothing depends on any more, a live one once it is stopped; its row and its events stay (rule I6). */
export function createDeleteInstance(ports: Ports): DeleteInstance {
  const { database, repositories } = ports;
  return (id, actor, wish = {}) =>
    database.transaction(async (transaction) => {
      await lockInstances(transaction, [id], 'exclusive');
      const instance = await repositories.instances.get(transaction, id);
      if (instance === null) throw new DomainError('instance_not_found', `no instance ${id}`);
      if (instance.status === 'terminated') return instance;
      const below = await childrenToKeep(ports, transaction, instance);
      if (below !== null) throw new DomainError('instance_conflict', `${instance.name} ${below}`);
      const stopping = await orderStop(ports, transaction, instance, { ...wish, thenDelete: true }, actor);
      if (stopping !== null) return stopping;
      const problem = await reasonToKeep(ports, transaction, instance);
      if (problem !== null) throw new DomainError('instance_conflict', `${instance.name} ${problem}`);
      const move = { from: instance.status, to: 'terminated' } as const;
      return (await repositories.instances.move(transaction, id, move, actor)) ?? instance;
    });
}

/** Why an instance cannot be terminated now; null: it can. */
export async function reasonToKeep(ports: Ports, transaction: Transaction, instance: Instance): Promise<string | null> {
  const { id, name, status } = instance;
  if (!canInstanceMove(status, 'terminated')) return `is ${status}: it cannot be deleted now`;
  const below = await childrenToKeep(ports, transaction, instance);
  if (below !== null) return below;
  const open = await countOpenTasks(ports.database, transaction, id);
  if (open === 0) return null;
  const tasks = open === 1 ? '1 open task' : `${String(open)} open tasks`;
  const shown = `GET /api/v1/tasks?instance_id=${id} or \`hopper task list --instance ${name}\` shows them`;
  return `has ${tasks}: hand over, reroute or cancel what is there first; ${shown}`;
}

async function childrenToKeep(
  { repositories }: Ports,
  transaction: Transaction,
  { id }: Instance,
): Promise<string | null> {
  const children = (await repositories.instances.getChildren(transaction, id)).filter(
    (child) => child.status !== 'terminated',
  );
  return children.length === 0 ? null : `has ${namesOf(children)} below it: delete what is below first`;
}

function namesOf(children: readonly Instance[]): string {
  const names = children
    .slice(0, NAMED)
    .map(({ name }) => name)
    .join(', ');
  return children.length > NAMED ? `${names} and ${String(children.length - NAMED)} more` : names;
}
