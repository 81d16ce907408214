import type { HopperClient } from '../../../../src/client/hopper-client.ts';
import type { TaskStatus } from '../../../../src/domain/task.ts';
import type { Tree } from '../ground/hopper.ts';

const MANY = 1_000_000;
const PLACE = {
  scope: 'project',
  config: { orchestration_threshold: MANY, max_concurrent_tasks: 1_000, worker_timeout_seconds: 3_600 },
} as const;
const place = (name: string, more: object = {}): Tree => ({
  ...{ name, ...PLACE },
  config: { ...PLACE.config, capabilities: [name], ...more },
});

/** Where the lives below are led. */
export const LIVES_TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [
    place('desk'),
    place('elsewhere'),
    place('manual', { acceptance: 'manual', acceptance_timeout_seconds: 86_400 }),
    place('early-bench'),
    place('late-bench'),
  ],
};

/** What a step of a life may use. */
export interface Being {
  readonly client: HopperClient;
  readonly taskId: string;
  readonly idOf: (name: string) => string;
}

/** What happens to a task around the moment of a backup that is put back later. */
export interface Life {
  readonly place: string;
  /** Where it stands in the backup; null: the backup does not know it. */
  readonly before: TaskStatus | null;
  /** What brings it there once it is queued or offered. */
  readonly early?: (being: Being) => Promise<unknown>;
  /** What happens to it after the backup, and is forgotten. */
  readonly late?: (being: Being) => Promise<unknown>;
  /** Submitted once more after the backup was put back. */
  readonly isRepeated?: boolean;
}

const complete = ({ client, taskId }: Being) => client.tasks.complete(taskId, { result: 'done' });
const claimAt =
  (name: string) =>
  ({ client, idOf }: Being) =>
    client.instances.claim(idOf(name), { worker_id: name, wait_seconds: 0 });

/** Every way in which a task and an older row of it can differ. */
export const LIVES = {
  'left alone': { place: 'desk', before: 'queued' },
  'over before': { place: 'desk', before: 'completed', early: complete },
  'completed after': { place: 'desk', before: 'queued', late: complete },
  'cancelled after': { place: 'desk', before: 'queued', late: ({ client, taskId }) => client.tasks.cancel(taskId) },
  'accepted after': {
    place: 'manual',
    before: 'offered',
    late: async ({ client, taskId }) => {
      const { chain } = await client.tasks.chain(taskId);
      await client.delegations.accept(chain[0]?.id ?? '');
    },
  },
  'handed over after': {
    place: 'desk',
    before: 'queued',
    late: ({ client, taskId, idOf }) => client.tasks.delegate(taskId, { target_instance_id: idOf('elsewhere') }),
  },
  'split after': {
    place: 'desk',
    before: 'queued',
    late: ({ client, taskId }) => client.tasks.decompose(taskId, { parts: [{ title: 'one' }, { title: 'two' }] }),
  },
  'claimed after': { place: 'late-bench', before: 'queued', late: claimAt('late-bench') },
  'claimed before, completed after': {
    place: 'early-bench',
    before: 'in_progress',
    early: claimAt('early-bench'),
    late: ({ client, taskId }) => client.tasks.complete(taskId, { force: true }),
  },
  'submitted after': { place: 'desk', before: null },
  'submitted after, and again': { place: 'desk', before: null, isRepeated: true },
  'submitted and completed after, and again': { place: 'desk', before: null, late: complete, isRepeated: true },
} as const satisfies Readonly<Record<string, Life>>;
