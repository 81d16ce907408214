import type { Transaction } from 'sequelize';
import { v7 } from 'uuid';
import { HOPPER } from '../domain/actor.ts';
import type { Scope } from '../domain/instance.ts';
import type { InstanceConfig } from '../domain/instance.schema.ts';
import type { Ports } from './ports.ts';

/** A tree of instances as a person writes it. */
export interface SeedNode {
  readonly name: string;
  readonly scope: Scope;
  readonly config?: InstanceConfig | undefined;
  readonly children?: readonly SeedNode[] | undefined;
}

const LOCK = "SELECT pg_advisory_xact_lock(hashtext('hopper seed'))";

/** Creates and starts the instances of a tree, all or none, and only in a database that has no instance yet. */
export async function seedHierarchy({ database, repositories }: Ports, roots: readonly SeedNode[]): Promise<number> {
  return database.transaction(async (transaction) => {
    await database.query(LOCK, { transaction });
    if ((await repositories.instances.count(transaction)) > 0) return 0;
    let created = 0;
    for (const root of roots) created += await seed(repositories, transaction, root, null);
    return created;
  });
}

async function seed(
  repositories: Ports['repositories'],
  transaction: Transaction,
  { name, scope, config = {}, children = [] }: SeedNode,
  parentId: string | null,
): Promise<number> {
  const id = v7();
  await repositories.instances.create(transaction, { id, name, scope, status: 'created', parentId, config }, HOPPER);
  await repositories.instances.move(transaction, id, { from: 'created', to: 'starting' }, HOPPER);
  await repositories.instances.move(transaction, id, { from: 'starting', to: 'running' }, HOPPER);
  let created = 1;
  for (const child of children) created += await seed(repositories, transaction, child, id);
  return created;
}
