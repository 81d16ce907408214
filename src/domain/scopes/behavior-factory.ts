import type { Instance, Scope } from '../instance.ts';
import type { GlobalPolicy, OrchestrationPolicy, ProjectPolicy } from '../policy.schema.ts';
import { globalScope } from './global-scope.ts';
import { orchestrationScope } from './orchestration-scope.ts';
import { projectScope } from './project-scope.ts';
import type { ScopeBehavior } from './scope-behavior.ts';

/** One behaviour for each scope. */
export interface Registry {
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
