import type { Instance } from '../domain/instance.ts';
import { policyAt } from '../domain/policy.ts';
import { firstRule } from '../domain/scopes/rules.ts';
import type { Task } from '../domain/task.ts';
import type { LoadedView } from './load-routing-view.ts';
import type { Ports } from './ports.ts';

/** What an instance would see that was created a moment ago: no children, nothing open, and the rules of its level. */
export async function viewOfNewInstance(ports: Ports, deciding: Instance, task: Task): Promise<LoadedView> {
  const inForce = await ports.policyInForce(null);
  const policy = policyAt(inForce.policy, deciding);
  const rules = deciding.scope === 'orchestration' ? [] : policy[deciding.scope].rules;
  const { applied, problems } = firstRule(rules, task, ports.rules);
  return {
    task,
    deciding,
    inForce,
    policy,
    instance: deciding,
    candidates: [],
    running: 0,
    excluded: 0,
    postponed: 0,
    liveChildren: 0,
    existingChildren: 0,
    openHere: 0,
    explicit: null,
    ruled: applied === null ? null : { ...applied, candidates: [] },
    ruleProblems: problems,
    passedOver: [],
    retryAt: null,
  };
}
