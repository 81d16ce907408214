import type { Scope } from '../domain/instance.ts';
import type { Registry } from '../domain/scopes/behavior-factory.ts';

/**
 * What a module exports as `behavior`: some of the five methods of its scope, or a function that makes them of the
 * standard behaviour. What it leaves out is the standard behaviour's.
 */
export type CustomBehavior<S extends Scope> = Partial<Registry[S]> | ((standard: Registry[S]) => Partial<Registry[S]>);
