import { assertNever } from '../../../../src/domain/assert-never.ts';
import type { TaskCreateInput } from '../../../../src/domain/task.schema.ts';
import type { TaskStatus } from '../../../../src/domain/task.ts';
import type { Random } from '../random.ts';

/** What happens to a task of the load, in the order of their shares. */
export const SCRIPTS = [
  'works',
  'fails once',
  'fails',
  'splits',
  'is accepted',
  'is refused',
  'is done by hand',
  'is cancelled',
] as const;
export type Script = (typeof SCRIPTS)[number];

/** How each ends, whatever is killed meanwhile. */
export const END = {
  works: 'completed',
  'fails once': 'completed',
  fails: 'failed',
  splits: 'completed',
  'is accepted': 'completed',
  'is refused': 'completed',
  'is done by hand': 'completed',
  'is cancelled': 'cancelled',
} as const satisfies Record<Script, TaskStatus>;

const SHARES = {
  works: 0.45,
  'fails once': 0.1,
  fails: 0.05,
  splits: 0.08,
  'is accepted': 0.12,
  'is refused': 0.05,
  'is done by hand': 0.1,
  'is cancelled': 0.05,
} as const satisfies Record<Script, number>;
const COMPLEX_MINUTES = 300;
const PRIORITIES = ['urgent', 'high', 'medium', 'low'] as const;

/** A task under an id of the client's, which says in its metadata what happens to it. */
export type ScriptedTask = TaskCreateInput & { readonly id: string; readonly metadata: { readonly script: Script } };

/** The task of this number; the same seed makes the same. */
export function scriptedTask(random: Random, no: number): ScriptedTask {
  const own = random.fork(`task ${String(no)}`);
  const script = drawScript(own);
  return {
    id: own.uuid(),
    title: `task ${String(no)} ${script}`,
    priority: own.pick(PRIORITIES),
    metadata: { script },
    ...routeOf(script, own),
  };
}

function drawScript(random: Random): Script {
  let left = random.fraction();
  for (const script of SCRIPTS) {
    left -= SHARES[script];
    if (left < 0) return script;
  }
  return 'works';
}

/** Tags that lead it to where its script can happen; what is complex goes one hop further. */
function routeOf(script: Script, random: Random): Pick<TaskCreateInput, 'tags' | 'estimated_duration'> {
  switch (script) {
    case 'works':
    case 'fails once':
    case 'splits':
      if (random.chance(0.3)) return { tags: ['fleet'] };
      return { tags: ['fleet', random.pick(['ants', 'bees'])], estimated_duration: COMPLEX_MINUTES };
    case 'fails':
      return { tags: ['fleet', 'strict'], estimated_duration: COMPLEX_MINUTES };
    case 'is accepted':
      return { tags: ['manual'] };
    case 'is refused':
      return { tags: ['manual', 'by-appointment', 'fleet'] };
    case 'is done by hand':
    case 'is cancelled':
      return { tags: ['desk'] };
    default:
      return assertNever(script);
  }
}
