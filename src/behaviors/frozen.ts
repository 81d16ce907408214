import type { RoutingView, TaskToRoute } from '../domain/scopes/scope-behavior.ts';

const TASK_KEYS = {
  id: true,
  title: true,
  description: true,
  tags: true,
  priority: true,
  requester: true,
  estimatedDuration: true,
  metadata: true,
  partDepth: true,
} as const satisfies Record<keyof TaskToRoute, true>;

const VIEW_KEYS = {
  instance: true,
  candidates: true,
  running: true,
  excluded: true,
  postponed: true,
  liveChildren: true,
  existingChildren: true,
  openHere: true,
  explicit: true,
  ruled: true,
  ruleProblems: true,
  passedOver: true,
} as const satisfies Record<keyof RoutingView, true>;

const INSTANCE_KEYS = {
  id: true,
  name: true,
  scope: true,
  status: true,
  parentId: true,
} as const satisfies Record<keyof RoutingView['instance'], true>;

/** What a behaviour may know of a task, in a copy that nobody can change. */
export function aloneTask(task: TaskToRoute): TaskToRoute {
  return frozen(picked(task, TASK_KEYS));
}

/** What a behaviour may know of a view, in a copy that nobody can change. */
export function aloneView<View extends Partial<RoutingView> & Pick<RoutingView, 'instance'>>(view: View): View {
  const { instance } = view;
  return frozen(picked({ ...view, instance: picked(instance, INSTANCE_KEYS) }, VIEW_KEYS));
}

/** A copy that is frozen to its depth. */
export function frozen<Value>(value: Value): Value {
  return freeze(structuredClone(value));
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}

function picked<Whole extends object>(whole: Whole, keys: Readonly<Record<string, true>>): Whole {
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key in keys)) as Whole;
}
