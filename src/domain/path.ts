import type { Delegation } from './delegation.ts';

/** The accepted hops that have not been left again, from the entry instance to the holder. */
export function pathOf(delegations: readonly Delegation[]): readonly Delegation[] {
  return delegations.filter((each) => each.status === 'accepted').toSorted((a, b) => a.hop - b.hop);
}

/** The delegation by which the holder has the task; none if the task never left its entry instance. */
export function holderDelegation(delegations: readonly Delegation[]): Delegation | undefined {
  return pathOf(delegations).at(-1);
}

/** Every instance on the path, the entry instance first. */
export function instancesOnPath(entryInstanceId: string, delegations: readonly Delegation[]): readonly string[] {
  return [
    entryInstanceId,
    ...pathOf(delegations)
      .filter(leadsOn)
      .map((hop) => hop.targetInstanceId),
  ];
}

/** The hop by which the holder has the task from another instance; none at the entry instance, where a part begins, too. */
export function hopFromAbove(delegations: readonly Delegation[]): Delegation | undefined {
  return pathOf(delegations).filter(leadsOn).at(-1);
}

/** The first hop of a part hands it from its parent's holder to that same instance (rule J1). */
export function leadsOn({ sourceInstanceId, targetInstanceId }: Delegation): boolean {
  return sourceInstanceId !== targetInstanceId;
}

/** The offer that waits for a decision; there is never more than one (rule D3). */
export function pendingOffer(delegations: readonly Delegation[]): Delegation | undefined {
  return delegations.find((each) => each.status === 'pending');
}
