import type { InstanceConfig } from './instance.schema.ts';

export const SCOPES = ['global', 'project', 'orchestration'] as const;
export type Scope = (typeof SCOPES)[number];

export const INSTANCE_STATUSES = [
  'created',
  'starting',
  'running',
  'paused',
  'stopping',
  'stopped',
  'error',
  'terminated',
] as const;
export type InstanceStatus = (typeof INSTANCE_STATUSES)[number];

/** A node in the tree of work. */
export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  readonly status: InstanceStatus;
  readonly parentId: string | null;
  readonly config: InstanceConfig;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The scope of an instance's children; an orchestration has none. */
export const CHILD_SCOPE = {
  global: 'project',
  project: 'orchestration',
  orchestration: null,
} as const satisfies Record<Scope, Scope | null>;

/** The scope of an instance's parent; a Global has none. */
export const PARENT_SCOPE = { global: null, project: 'global', orchestration: 'project' } as const satisfies Record<
  Scope,
  Scope | null
>;

export const INSTANCE_VERBS = ['start', 'stop', 'pause', 'resume'] as const;
export type InstanceVerb = (typeof INSTANCE_VERBS)[number];

const NEXT = {
  created: ['starting', 'terminated'],
  starting: ['running', 'error'],
  running: ['stopping', 'paused', 'error'],
  paused: ['running', 'stopping'],
  stopping: ['stopped', 'error'],
  stopped: ['starting', 'terminated'],
  error: ['starting', 'terminated'],
  terminated: [],
} as const satisfies Record<InstanceStatus, readonly InstanceStatus[]>;

/** The lifecycle of an instance (rule I1). */
export function canInstanceMove(from: InstanceStatus, to: InstanceStatus): boolean {
  const allowed: readonly InstanceStatus[] = NEXT[from];
  return allowed.includes(to);
}

const LIVE: readonly InstanceStatus[] = ['starting', 'running', 'paused', 'stopping'];

/** A live child forbids the creation of another one (rule C1). */
export function isLive(status: InstanceStatus): boolean {
  return LIVE.includes(status);
}
