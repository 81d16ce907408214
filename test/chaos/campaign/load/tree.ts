import type { Tree } from '../ground/hopper.ts';

const MANY = 1_000_000;
const WORK = { max_concurrent_tasks: 500, retry_delay_seconds: 1, worker_timeout_seconds: 60 };

/** Who does the work of a scenario: a fleet with three queues, people who accept by hand, and a desk without workers. */
export const LOAD_TREE: Tree = {
  name: 'global',
  scope: 'global',
  children: [
    {
      name: 'fleet',
      scope: 'project',
      config: { capabilities: ['fleet'], orchestration_threshold: MANY, ...WORK },
      children: [
        { name: 'ants', scope: 'orchestration', config: { capabilities: ['ants'], ...WORK } },
        { name: 'bees', scope: 'orchestration', config: { capabilities: ['bees'], ...WORK } },
        {
          name: 'strict',
          scope: 'orchestration',
          config: { capabilities: ['strict'], ...WORK, max_retries: 1, on_exhausted: 'fail' },
        },
      ],
    },
    {
      name: 'manual',
      scope: 'project',
      config: {
        capabilities: ['manual', 'by-appointment'],
        ...{ acceptance: 'manual', acceptance_timeout_seconds: 86_400, orchestration_threshold: MANY },
        ...WORK,
      },
    },
    { name: 'desk', scope: 'project', config: { capabilities: ['desk'], orchestration_threshold: MANY, ...WORK } },
  ],
};
