import type { Transaction } from 'sequelize';
import type { Actor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import { CHILD_SCOPE, type Instance } from '../domain/instance.ts';
import type { InstanceCreate } from '../domain/instance.schema.ts';
import { lockInstances } from '../persistence/database.ts';
import { checkConfig } from './check-config.ts';
import type { Ports } from './ports.ts';
import { rowId } from './row-id.ts';

export type CreateInstance = (input: InstanceCreate, actor: Actor, requestId: string) => Promise<Instance>;

/** Creates an instance below a parent of the right scope; the same request again gives the same instance (rule I2). */
export function createCreateInstance(ports: Ports): CreateInstance {
  const { database, repositories } = ports;
  return (input, actor, requestId) =>
    database.transaction(async (transaction) => {
      const { name, scope, config } = input;
      checkConfig(ports, scope, config);
      const parentId = input.parent_id ?? null;
      const parentOrRoot = parentId ?? 'root';
      const id = rowId(parentOrRoot, requestId, 'instance');
      await lockInstances(transaction, [parentOrRoot], 'exclusive');
      const known = await repositories.instances.get(transaction, id);
      if (known !== null) return sameOrConflict(known, input);
      await checkParent(repositories, transaction, input);
      return repositories.instances.create(
        transaction,
        { id, name, scope, status: 'created', parentId, config },
        actor,
      );
    });
}

function sameOrConflict(known: Instance, { name, scope }: InstanceCreate): Instance {
  if (known.name === name && known.scope === scope) return known;
  throw new DomainError(
    'instance_conflict',
    `this request has created ${known.name} already: use another Idempotency-Key`,
  );
}

async function checkParent(
  { instances }: Ports['repositories'],
  transaction: Transaction,
  { parent_id: parentId, scope }: InstanceCreate,
): Promise<void> {
  if (parentId === null || parentId === undefined) {
    if (scope !== 'global') throw refused('parent_id', `a ${scope} needs a parent_id`);
    return;
  }
  if (scope === 'global') throw refused('parent_id', 'a global has no parent: leave parent_id out');
  const parent = await instances.get(transaction, parentId);
  if (parent === null) throw refused('parent_id', `parent_id ${parentId} names no instance`);
  const fits = CHILD_SCOPE[parent.scope];
  if (fits !== scope)
    throw refused(
      'scope',
      `below ${parent.name}, a ${parent.scope}, there can be ${fits === null ? 'nothing' : `only a ${fits}`}`,
    );
  if (parent.status === 'terminated') throw refused('parent_id', `${parent.name} is terminated`);
}

function refused(path: string, message: string): DomainError {
  return new DomainError('target_not_allowed', message, { problems: [{ path, message }] });
}
