import type { ChainLink } from '../../../../src/domain/chain.ts';
import type { Delegation } from '../../../../src/domain/delegation.ts';
import type { ExplainedInstance } from '../../../../src/domain/explain/explanation.ts';
import type { DecisionWithHop, ExplainFacts, Move } from '../../../../src/domain/explain/facts.ts';
import type { Task } from '../../../../src/domain/task.ts';
import {
  GLOBAL_ID,
  NOW,
  ORCHESTRATION_ID,
  PROJECT_ID,
  aDelegation,
  aTask,
  anId,
  secondsLater,
} from '../../../support/builders.ts';

export const OTHER_ID = anId(0x400);
const INSTANCES: readonly ExplainedInstance[] = [
  { id: GLOBAL_ID, name: 'hopper', scope: 'global', status: 'running' },
  { id: PROJECT_ID, name: 'billing', scope: 'project', status: 'running' },
  { id: ORCHESTRATION_ID, name: 'builders', scope: 'orchestration', status: 'running' },
  { id: OTHER_ID, name: 'shipping', scope: 'project', status: 'running' },
];

/** A hop as the chain shows it, with the reason of its decision. */
export function aLink(overrides: Partial<Delegation> = {}, reason: string | null = '1 of 1 tags match: x'): ChainLink {
  const hop = aDelegation(overrides);
  return { ...hop, reason, sourceInstance: refOf(hop.sourceInstanceId), targetInstance: refOf(hop.targetInstanceId) };
}

/** A decision of the Global to hand over to the project. */
export function aDecision(overrides: Partial<DecisionWithHop> = {}): DecisionWithHop {
  return {
    id: anId(0x900),
    taskId: anId(1),
    step: 0,
    hop: 0,
    instanceId: GLOBAL_ID,
    action: 'delegate',
    targetInstanceId: PROJECT_ID,
    reason: '1 of 1 tags match: x',
    strategy: 'tags',
    policyHash: 'a hash',
    candidates: [],
    candidatesLeftOut: 0,
    decidedAt: secondsLater(-3_600),
    ...overrides,
  };
}

export function aMove(seconds: number, overrides: Partial<Move> = {}): Move {
  return { at: secondsLater(seconds), by: 'hopper', instanceId: GLOBAL_ID, reason: null, ...overrides };
}

interface Given extends Partial<Omit<ExplainFacts, 'task' | 'instances'>> {
  readonly task?: Partial<Task>;
  /** Instances that differ from running. */
  readonly statuses?: Readonly<Record<string, ExplainedInstance['status']>>;
}

/** Facts about a task that entered at the Global ten seconds ago. */
export function someFacts({ task, statuses = {}, ...rest }: Given = {}): ExplainFacts {
  const rows = INSTANCES.map((each) => ({ ...each, status: statuses[each.id] ?? each.status }));
  return {
    task: aTask({ title: 'Split the invoices', ...task }),
    chain: [],
    decisions: [],
    decisionsLeftOut: 0,
    moves: [aMove(-10)],
    instances: new Map(rows.map((each) => [each.id, each])),
    now: NOW,
    patience: { retry_after_seconds: 60, max_retryable_refusals: 3 },
    ahead: 0,
    pushQueue: null,
    work: null,
    parts: { total: 0, finished: 0, lost: [] },
    partOf: null,
    ...rest,
  };
}

/** A task that the project has accepted. */
export const ACCEPTED = aLink({ status: 'accepted', decidedBy: 'billing' });

function refOf(id: string): ChainLink['targetInstance'] {
  const found = INSTANCES.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no instance ${id}`);
  return { id: found.id, name: found.name, scope: found.scope };
}
