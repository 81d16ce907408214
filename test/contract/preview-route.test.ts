import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { QueryTypes } from 'sequelize';
import { createHash } from 'node:crypto';
import { loadPolicy } from '../../src/config/policy-file.ts';
import type { Instance } from '../../src/domain/instance.ts';
import type { InstanceConfig } from '../../src/domain/instance.schema.ts';
import { PreviewBody, type PreviewBodyInput } from '../../src/domain/route-preview.schema.ts';
import type { RoutePreview } from '../../src/domain/route-preview.ts';
import type { RecordedDecision } from '../../src/domain/routing-decision.ts';
import type { TaskCreateInput } from '../../src/domain/task.schema.ts';
import { createPreviewRoute } from '../../src/use-cases/preview-route.ts';
import { aPolicy } from '../support/builders.ts';
import { COMPLEX, aBench, order, plant, plantTree, route, submit } from './setup.ts';

const bench = aBench(aPolicy({ global: { auto_create_projects: true } }));

const preview = (body: PreviewBodyInput): Promise<RoutePreview> =>
  createPreviewRoute(bench())(PreviewBody.parse(body), randomUUID());
const at = (entry: Instance, task: Partial<TaskCreateInput> = {}, more: Partial<PreviewBodyInput> = {}) =>
  preview({ task: { title: 'a task', ...task }, instance_id: entry.id, ...more });

/** A digest of every row of every table. */
async function everyRow(): Promise<Record<string, string>> {
  const { database } = bench();
  const tables = await database.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    { type: QueryTypes.SELECT },
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const rows = await database.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t ORDER BY 1`, {
      type: QueryTypes.SELECT,
    });
    const content = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
    digests[name] = `${String(rows.length)} rows ${content}`;
  }
  return digests;
}

const TAGS = ['billing', 'docs', 'api', 'complex', 'czarina'] as const;
const anyTags = fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 4 });
const anyConfig: fc.Arbitrary<InstanceConfig> = fc.record(
  {
    capabilities: anyTags.map((tags) => [...tags]),
    description: fc.constantFrom('invoices and bills', 'the manual'),
    acceptance: fc.constantFrom('auto', 'manual'),
    on_unroutable: fc.constantFrom('reject', 'hold'),
  },
  { requiredKeys: [] },
);
const anyStatus: fc.Arbitrary<Instance['status']> = fc.constantFrom(
  'running',
  'running',
  'running',
  'paused',
  'stopping',
  'stopped',
);
interface Node {
  readonly config: InstanceConfig;
  readonly status: Instance['status'];
  readonly children: readonly Node[];
}
const aNode = (children: fc.Arbitrary<Node[]>): fc.Arbitrary<Node> =>
  fc.record({ config: anyConfig, status: anyStatus, children });
const anyProject = aNode(fc.array(aNode(fc.constant([])), { maxLength: 3 }));
const anyTree = fc.record({ config: anyConfig, children: fc.array(anyProject, { maxLength: 4 }) });
const anyTask = fc.record({
  title: fc.constantFrom('Split the invoices', 'Write the manual', 'x'),
  tags: anyTags.map((tags) => [...tags]),
  estimated_duration: fc.constantFrom(0, 120, 600),
  wanted: fc.constantFrom('nobody', 'nobody', 'a project', 'somebody else'),
});

async function plantBelow(parent: Instance, scope: 'project' | 'orchestration', nodes: readonly Node[]) {
  const planted: Instance[] = [];
  for (const { config, status, children } of nodes) {
    const child = await plant(bench(), { scope, parentId: parent.id, config, status });
    await plantBelow(child, 'orchestration', children);
    planted.push(child);
  }
  return planted;
}

/** Routes a task as workers would, each of its offers accepted at once. */
async function acceptAll(taskId: string) {
  for (;;) {
    const row = await route(bench(), taskId);
    if (row.offer === null) return row;
    await order(bench(), taskId, { kind: 'accept', delegationId: row.offer.delegationId });
  }
}

/** A decision by what can be the same before and after it is made. */
async function comparable({ decisions }: { decisions: readonly RecordedDecision[] }) {
  const ids = decisions.flatMap((each) => (each.targetInstanceId === null ? [] : [each.targetInstanceId]));
  const rows = await bench().repositories.instances.getMany(null, [
    ...ids,
    ...decisions.map((each) => each.instanceId),
  ]);
  const nameOf = (id: string | null): string | null => rows.find((each) => each.id === id)?.name ?? null;
  return decisions.map((each) => ({
    ...essenceOf(each),
    action: each.action,
    instance: nameOf(each.instanceId),
    target: nameOf(each.targetInstanceId),
  }));
}

type Essence = 'step' | 'reason' | 'strategy' | 'policyHash' | 'candidates' | 'candidatesLeftOut';

function essenceOf({
  step,
  reason,
  strategy,
  policyHash,
  candidates,
  candidatesLeftOut,
}: Pick<RecordedDecision, Essence>) {
  return { step, reason, strategy, policyHash, candidates, candidatesLeftOut };
}

/** What is not on record of a preview: a wait is an event, and a behaviour that fails leaves nobody. */
function asRecorded({ decisions }: RoutePreview) {
  return decisions
    .filter(({ action }) => action !== 'wait')
    .map((each) => ({
      ...essenceOf(each),
      action: each.action === 'hold' ? 'reject' : each.action,
      instance: each.instance.name,
      target: each.target === null ? null : each.target.name,
    }));
}

/** As JSON, which is how both are told. */
const asTold = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('createPreviewRoute (rule X2)', () => {
  it('decides as the router then does, for any tree and any task', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyTree, anyTask, async (tree, { wanted, ...fields }) => {
        const global = await plant(bench(), { config: tree.config });
        const [project] = await plantBelow(global, 'project', tree.children);
        const named = wanted === 'a project' ? project?.id : randomUUID();
        const task = {
          ...fields,
          ...(wanted !== 'nobody' && named !== undefined && { metadata: { project_id: named } }),
        };
        const previewed = await at(global, task);
        const taskId = await submit(bench(), global, {
          title: task.title,
          tags: task.tags,
          estimatedDuration: task.estimated_duration,
          metadata: task.metadata ?? {},
        });
        const row = await acceptAll(taskId);
        const decisions = await bench().repositories.decisions.ofTask(taskId);
        expect(asTold(asRecorded(previewed))).toEqual(asTold(await comparable({ decisions })));
        expect(previewed.outcome).toMatchObject({ status: row.status, blockedOn: row.blockedOn, failure: row.failure });
        for (const each of previewed.decisions) seen.add(`${each.action} by ${each.strategy}`);
      }),
      { seed: 20_261_121, numRuns: 60 },
    );
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([
        'delegate by create',
        'delegate by explicit',
        'delegate by keywords',
        'delegate by round_robin',
        'delegate by tags',
        'execute by complexity',
        'queue by queue',
        'reject by explicit',
        'reject by none',
      ]),
    );
  });

  it('changes no row of any table and takes no lock, also where something would be created', async () => {
    const global = await plant(bench());
    const before = await everyRow();
    const { decisions } = await at(global, { tags: ['brand-new', 'complex', 'czarina'], estimated_duration: 600 });
    expect(decisions.map(({ creates }) => creates)).toEqual([
      { scope: 'project', name: 'brand-new', capabilities: ['brand-new', 'complex', 'czarina'] },
      { scope: 'orchestration', name: 'brand-new', capabilities: ['brand-new', 'complex', 'czarina'] },
      null,
    ]);
    expect(await everyRow()).toEqual(before);
  });

  it('answers while somebody holds the locks of the whole tree', async () => {
    const { global, project } = await plantTree(bench());
    await bench().database.transaction(async (transaction) => {
      await bench().database.query(
        `SELECT pg_advisory_xact_lock(hashtextextended(id::text, 0)), id FROM hopper_instances FOR UPDATE`,
        { transaction },
      );
      const { outcome } = await at(global);
      expect(outcome).toMatchObject({ status: 'queued', instance: { id: project.id } });
    });
  });

  it('names what would be created as the router would: with a number where a stopped one has the name', async () => {
    const global = await plant(bench());
    await plant(bench(), { scope: 'project', parentId: global.id, name: 'Docs', status: 'stopped' });
    const { decisions } = await at(global, { tags: ['docs'] });
    expect(decisions[0]).toMatchObject({
      target: { id: null, name: 'docs-2', scope: 'project', acceptance: 'auto' },
      creates: { name: 'docs-2' },
    });
  });

  it('tells how each target accepts, and goes on as if it had', async () => {
    const manual = { acceptance: 'manual', acceptance_timeout_seconds: 60 } as const;
    const { global, orchestration } = await plantTree(bench(), { project: manual });
    const { decisions, outcome } = await at(global, COMPLEX);
    expect(decisions.map(({ target, step }) => [target?.acceptance, target?.acceptanceTimeoutSeconds, step])).toEqual([
      ['manual', 60, 0],
      ['auto', 900, 2],
      [undefined, undefined, 3],
    ]);
    expect(outcome).toMatchObject({ status: 'queued', instance: { id: orchestration.id } });
  });

  it('decides by the policy that is given, under its own hash, and without it as before', async () => {
    const { global, orchestration } = await plantTree(bench());
    const policy = { project: { complexity_threshold: 0 } };
    const { decisions, outcome } = await at(global, { estimated_duration: 60 }, { policy });
    expect(outcome.instance).toMatchObject({ id: orchestration.id });
    expect(new Set(decisions.map(({ policyHash }) => policyHash)).size).toBe(1);
    expect(decisions[0]?.policyHash).not.toBe('a hash');
    expect((await at(global, { estimated_duration: 60 })).decisions[0]?.policyHash).toBe('a hash');
  });

  it('names a given policy by the hash that its file would have', async () => {
    const { global } = await plantTree(bench());
    const file = loadPolicy({ path: 'config/scope_behaviors.yaml', isNamed: true });
    const { decisions } = await at(global, {}, { policy: file.policy });
    expect(decisions[0]?.policyHash).toBe(file.hash);
  });

  it('previews where a task that is there would go if it were rerouted, and leaves it alone', async () => {
    const { global, project } = await plantTree(bench(), { project: { acceptance: 'manual', capabilities: ['x'] } });
    const other = await plant(bench(), { scope: 'project', parentId: global.id });
    const taskId = await submit(bench(), global, { tags: ['x'] });
    const { offer } = await route(bench(), taskId);
    expect((await preview({ task_id: taskId })).outcome.instance.id).toBe(project.id);
    await order(bench(), taskId, { kind: 'reject', delegationId: offer?.delegationId ?? '', reason: 'no' });
    const before = await everyRow();
    const { decisions } = await preview({ task_id: taskId });
    expect(decisions[0]).toMatchObject({ taskId, target: { id: other.id } });
    expect(await everyRow()).toEqual(before);
    await order(bench(), taskId, { kind: 'cancel' });
    await expect(preview({ task_id: taskId })).rejects.toMatchObject({ code: 'task_conflict' });
    await expect(preview({ task_id: randomUUID() })).rejects.toMatchObject({ code: 'task_not_found' });
  });

  it('ends like the task itself where it would be handed round forever', async () => {
    const { global } = await plantTree(bench());
    const { behaviors } = await bench().policyInForce(null);
    const original = behaviors.getBehaviorForScope('project');
    behaviors.registerBehavior('project', {
      ...original,
      handleIncomingTask: () => ({ action: 'escalate', reason: 'never mine', strategy: 'custom', candidates: [] }),
    });
    try {
      const { decisions, outcome } = await at(global);
      expect(decisions.map(({ action }) => action)).toEqual(['delegate', 'escalate', 'reject']);
      expect(outcome.status).toBe('rejected');
    } finally {
      behaviors.registerBehavior('project', original);
    }
  });
});
