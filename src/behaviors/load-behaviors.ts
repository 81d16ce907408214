import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { SCOPES, type Scope } from '../domain/instance.ts';
import type { Policy } from '../domain/policy.schema.ts';
import { type BehaviorFactory, createBehaviorFactory } from '../domain/scopes/behavior-factory.ts';
import { problemWords } from '../domain/scopes/short-text.ts';
import { type AnyBehavior, customised } from './customised.ts';

/** A module that cannot be used, and why. */
export interface BehaviorProblem {
  readonly scope: Scope;
  readonly path: string;
  readonly message: string;
}

/** The behaviours of a policy; those of a module that cannot be used throw the reason whenever they are asked. */
export interface LoadedBehaviors {
  readonly factory: BehaviorFactory;
  readonly problems: readonly BehaviorProblem[];
}

type Modules = Policy['behaviors'];

/** Loads the modules that a policy names, each anew; a path is relative to the folder of the policy file (rule F2). */
export async function loadBehaviors(modules: Modules, folder: string): Promise<LoadedBehaviors> {
  const factory = createBehaviorFactory();
  const problems: BehaviorProblem[] = [];
  for (const scope of SCOPES) {
    const path = modules[scope];
    if (path === undefined) continue;
    const problem = await register(factory, scope, path, folder);
    if (problem !== null) problems.push({ scope, path, message: problem });
  }
  return { factory, problems };
}

const ABSENT = 'absent';

/** What the files of the modules hold, as digests by scope: part of the hash that decisions name. */
export function behaviorDigests(modules: Modules, folder: string): Readonly<Record<string, string>> {
  const named = SCOPES.flatMap((scope) => {
    const path = modules[scope];
    return path === undefined ? [] : [[scope, digestOf(resolve(folder, path))]];
  });
  return Object.fromEntries(named) as Record<string, string>;
}

function digestOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return ABSENT;
  }
}

async function register(factory: BehaviorFactory, scope: Scope, path: string, folder: string): Promise<string | null> {
  const standard = factory.getBehaviorForScope(scope);
  try {
    factory.registerBehavior(scope, customised(standard, await exported(path, folder)));
    return null;
  } catch (error) {
    const problem = firstLine(error);
    factory.registerBehavior(scope, unusable(`${path} cannot be used: ${problem}`));
    return problem;
  }
}

/** The caches are off so that a module that has changed is another one. */
async function exported(path: string, folder: string): Promise<unknown> {
  const file = isAbsolute(path) ? path : join(resolve(folder), path);
  const { createJiti } = await import('jiti'); // heavy, and most policies name no module
  const jiti = createJiti(join(resolve(folder), 'policy'), {
    moduleCache: false,
    fsCache: false,
    interopDefault: false,
  });
  const loaded = await jiti.import<Record<string, unknown>>(file);
  return loaded['behavior'] ?? loaded['default'];
}

function unusable(reason: string): AnyBehavior {
  const refuse = (): never => {
    throw new Error(reason);
  };
  return {
    handleIncomingTask: refuse,
    shouldDelegate: refuse,
    findDelegationTarget: refuse,
    onTaskCompleted: refuse,
    getTaskQueue: refuse,
  };
}

function firstLine(error: unknown): string {
  const [line = ''] = problemWords(error).split('\n');
  return line;
}
