import type { Transaction } from 'sequelize';
import { DomainError } from '../domain/errors.ts';
import type { Instance } from '../domain/instance.ts';
import type { Ports } from './ports.ts';

/** The instance where a task comes in: the one that is named, else the only running Global (rule T2). */
export async function entryOf(
  { repositories }: Ports,
  transaction: Transaction | null,
  instanceId: string | null,
): Promise<Instance> {
  if (instanceId !== null) {
    const instance = await repositories.instances.get(transaction, instanceId);
    if (instance === null) throw unavailable(`instance_id ${instanceId} names no instance`);
    if (instance.status !== 'running')
      throw unavailable(`${instance.name} is ${instance.status}: start it, or name another`);
    return instance;
  }
  const [only, ...others] = await repositories.instances.runningGlobals(transaction);
  if (only === undefined) throw unavailable('no Global is running: create and start one, or name an instance_id');
  if (others.length > 0) throw unavailable('more than one Global is running: name an instance_id');
  return only;
}

function unavailable(detail: string): DomainError {
  return new DomainError('entry_unavailable', detail, { problems: [{ path: 'instance_id', message: detail }] });
}
