export const ROLES = ['admin', 'operator', 'worker', 'system'] as const;
export type Role = (typeof ROLES)[number];

/** Who commands; recorded with every command and every event. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
  readonly subtree: string | null;
}

/** Hopper itself: timers, policies and repairs act in its name. */
export const HOPPER: Actor = { name: 'hopper', role: 'system', subtree: null };

/** The user of an embedded stack, who may do everything. */
export const ADMIN: Actor = { name: 'admin', role: 'admin', subtree: null };
