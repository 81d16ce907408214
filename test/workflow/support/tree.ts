import type { PlaceRef } from '../../../src/domain/chain.ts';
import type { ChosenTarget } from '../../../src/domain/commands/apply-decision.ts';
import type { NamedTarget } from '../../../src/domain/commands/move-task.ts';
import type { Executor } from '../../../src/domain/executor.schema.ts';
import type { Scope } from '../../../src/domain/instance.ts';
import type { RoutingDecision } from '../../../src/domain/routing-decision.ts';

/** An instance as these tests write it; its name is its id. The first child that is not excluded gets the task. */
export interface Place {
  readonly scope: Scope;
  readonly acceptance?: 'auto' | 'manual';
  readonly timeoutSeconds?: number;
  readonly offersTo?: readonly string[];
  readonly executor?: Executor;
}

/** The places of a test by name; the entry is called `global`. */
export type Tree = Readonly<Record<string, Place>>;

/** Two levels that accept by themselves. */
export const AUTO: Tree = {
  global: { scope: 'global', offersTo: ['billing'] },
  billing: { scope: 'project', offersTo: ['agents'] },
  agents: { scope: 'orchestration' },
};

/** Two levels that accept by themselves; the workers of the task queue `agents` do the work. */
export function pushed(times: Partial<Executor> = {}): Tree {
  const executor: Executor = { type: 'temporal', task_queue: 'agents', ...times };
  return { ...AUTO, agents: { scope: 'orchestration', executor } };
}

/** Two levels that ask a person, with a second choice at each. */
export const MANUAL: Tree = {
  global: { scope: 'global', offersTo: ['billing', 'shipping'] },
  billing: { scope: 'project', acceptance: 'manual', offersTo: ['agents', 'people'] },
  shipping: { scope: 'project', acceptance: 'manual', offersTo: [] },
  agents: { scope: 'orchestration', acceptance: 'manual' },
  people: { scope: 'orchestration', acceptance: 'manual' },
};

const ACCEPTANCE_TIMEOUT_SECONDS = 900;

export function refOf(tree: Tree, name: string): PlaceRef {
  const { scope, executor } = placeOf(tree, name);
  return { id: name, name, scope, ...(executor !== undefined && { executor }) };
}

export function chosenTarget(tree: Tree, name: string): ChosenTarget {
  const { acceptance = 'auto', timeoutSeconds = ACCEPTANCE_TIMEOUT_SECONDS } = placeOf(tree, name);
  return { id: name, name, acceptance, acceptanceTimeoutSeconds: timeoutSeconds };
}

export function namedTarget(tree: Tree, name: string): NamedTarget | null {
  if (!Object.hasOwn(tree, name)) return null;
  const { scope } = placeOf(tree, name);
  return { ...chosenTarget(tree, name), scope, status: 'running', ancestorIds: ancestorsOf(tree, name) };
}

/** What a behaviour would answer: enough of it for the workflow, which only switches on the answer. */
export function decide(
  tree: Tree,
  at: string,
  excluded: readonly string[],
  later: readonly string[] = [],
): RoutingDecision {
  const { scope, offersTo = [] } = placeOf(tree, at);
  const told = { strategy: 'in order', candidates: [] };
  if (scope === 'orchestration') return { ...told, action: 'queue', reason: 'an orchestration queues' };
  const targetId = offersTo.find((name) => !excluded.includes(name) && !later.includes(name));
  if (targetId !== undefined) return { ...told, action: 'delegate', targetId, reason: `${targetId} comes first` };
  if (later.length > 0) return { ...told, action: 'wait', reason: 'somebody is to be asked again later' };
  if (scope === 'global') return { ...told, action: 'reject', reason: 'every project has refused' };
  if (offersTo.length === 0) return { ...told, action: 'execute', reason: 'simple enough to do here' };
  return { ...told, action: 'escalate', reason: 'every orchestration has refused' };
}

/** What an instance answers that has begun to stop. */
export function handBack(at: string): RoutingDecision {
  return { action: 'escalate', strategy: 'lifecycle', candidates: [], reason: `${at} is stopping` };
}

function placeOf(tree: Tree, name: string): Place {
  const place = tree[name];
  if (place === undefined) throw new Error(`no place ${name} in this tree`);
  return place;
}

function ancestorsOf(tree: Tree, name: string): string[] {
  const parent = Object.keys(tree).find((each) => placeOf(tree, each).offersTo?.includes(name) === true);
  return parent === undefined ? [] : [parent, ...ancestorsOf(tree, parent)];
}
