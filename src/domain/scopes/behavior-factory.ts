import type { Instance, Scope } from '../instance.ts';
import type { GlobalPolicy, OrchestrationPolicy, Policy, ProjectPolicy } from '../policy.schema.ts';
import type { RoutingDecision } from '../routing-decision.ts';
import { globalScope } from './global-scope.ts';
import { orchestrationScope } from './orchestration-scope.ts';
import { projectScope } from './project-scope.ts';
import type { RoutingView, ScopeBehavior, TaskToRoute } from './scope-behavior.ts';

interface Registry {
  global: ScopeBehavior<GlobalPolicy>;
  project: ScopeBehavior<ProjectPolicy>;
  orchestration: ScopeBehavior<OrchestrationPolicy>;
}

/** Finds the behaviour of a scope; built once at composition, never shared between two of them (rule F1). */
export interface BehaviorFactory {
  getBehaviorForScope<S extends Scope>(scope: S): Registry[S];
  getBehaviorForInstance<S extends Scope>(instance: Pick<Instance, 'id'> & { readonly scope: S }): Registry[S];
  registerBehavior<S extends Scope>(scope: S, behavior: Registry[S]): void;
}

/** A factory with the three behaviours of the specification. */
export function createBehaviorFactory(): BehaviorFactory {
  const registry: Registry = { global: globalScope, project: projectScope, orchestration: orchestrationScope };
  const getBehaviorForScope = <S extends Scope>(scope: S): Registry[S] => {
    if (!Object.hasOwn(registry, scope)) throw new RangeError(`No behavior registered for scope: ${scope}`);
    return registry[scope];
  };
  return {
    getBehaviorForScope,
    getBehaviorForInstance: (instance) => getBehaviorForScope(instance.scope),
    registerBehavior: (scope, behavior) => {
      registry[scope] = behavior;
    },
  };
}

/** Asks the behaviour at an instance, with the part of the policy that is its own. */
export function decideAt(
  factory: BehaviorFactory,
  task: TaskToRoute,
  view: RoutingView,
  policy: Policy,
): RoutingDecision {
  const { scope, status } = view.instance;
  if (status !== 'running' && status !== 'paused') {
    const reason = `${view.instance.name} is ${status}`;
    return { action: 'escalate', reason, strategy: 'lifecycle', candidates: [] };
  }
  if (scope === 'global') return factory.getBehaviorForScope(scope).handleIncomingTask(task, view, policy.global);
  if (scope === 'project') return factory.getBehaviorForScope(scope).handleIncomingTask(task, view, policy.project);
  return factory.getBehaviorForScope(scope).handleIncomingTask(task, view, policy.orchestration);
}
