import type { Transaction } from 'sequelize';
import { HOPPER } from '../domain/actor.ts';
import type { Instance } from '../domain/instance.ts';
import type { WantedInstance } from '../domain/routing-decision.ts';
import type { RoutingView } from '../domain/scopes/scope-behavior.ts';
import type { Task } from '../domain/task.ts';
import type { Ports } from './ports.ts';
import { rowId } from './row-id.ts';

const MAX_NAME = 150;

/** Creates the instance that a behaviour wants and starts it, under the parent's exclusive lock (rules C1 to C3). */
export async function createWanted(
  { repositories }: Ports,
  transaction: Transaction,
  parent: RoutingView['instance'],
  wanted: WantedInstance,
  task: Task,
): Promise<Instance> {
  const id = rowId(task.id, `decide/${String(task.step)}`, 'instance');
  const config = { capabilities: [...wanted.capabilities] };
  const name = await nameFor({ repositories }, transaction, parent.id, wanted);
  const { scope } = wanted;
  await repositories.instances.create(
    transaction,
    { id, name, scope, status: 'created', parentId: parent.id, config },
    HOPPER,
  );
  await repositories.instances.move(transaction, id, { from: 'created', to: 'starting' }, HOPPER);
  const running = await repositories.instances.move(transaction, id, { from: 'starting', to: 'running' }, HOPPER);
  if (running === null) throw new TypeError(`instance ${id} vanished while it was created`);
  return running;
}

/** The name that a new instance gets: the one that is wanted, with a number if a sibling has it. */
export async function nameFor(
  { repositories }: Pick<Ports, 'repositories'>,
  transaction: Transaction,
  parentId: string,
  wanted: WantedInstance,
): Promise<string> {
  const siblings = await repositories.instances.getChildren(transaction, parentId);
  const taken = new Set(siblings.filter((each) => each.status !== 'terminated').map((each) => each.name.toLowerCase()));
  return freeName(wanted.name.slice(0, MAX_NAME), taken);
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${wanted}-${String(number)}`;
  return name;
}
