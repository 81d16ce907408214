import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Check } from '../../src/domain/audit/finding.ts';
import { createAuditRecords } from '../../src/use-cases/audit-records.ts';
import { createClaimTask } from '../../src/use-cases/claim-task.ts';
import { createGiveBack } from '../../src/use-cases/give-back.ts';
import { anActor } from '../support/builders.ts';
import { aSpec } from '../support/parts.ts';
import { COMPLEX, type SmallTree, aBench, order, plantTree, route, submit } from './setup.ts';

const bench = aBench();
const MANUAL = { acceptance: 'manual' } as const;
const worker = { name: 'w1', role: 'worker', subtree: null } as const;

const audit = () => createAuditRecords(bench().database, bench().reads)(1_000);
const claim = (instanceId: string) =>
  createClaimTask(bench())({ instanceId, workerId: 'w1', requestId: randomUUID(), skills: null, actor: worker });

/** A task that is queued at the orchestration of a tree of its own. */
async function queued(config: Parameters<typeof plantTree>[1] = {}): Promise<SmallTree & { readonly taskId: string }> {
  const tree = await plantTree(bench(), config);
  const taskId = await submit(bench(), tree.global, COMPLEX);
  await route(bench(), taskId);
  return { ...tree, taskId };
}

async function completed() {
  const tree = await queued();
  const { links } = await route(bench(), tree.taskId);
  await order(bench(), tree.taskId, { kind: 'complete', delegationId: links.at(-1)!.delegationId, result: 1 });
  return tree;
}

async function refused() {
  const tree = await plantTree(bench(), { project: MANUAL });
  const taskId = await submit(bench(), tree.global, COMPLEX);
  const { offer } = await route(bench(), taskId);
  await order(bench(), taskId, { kind: 'reject', delegationId: offer!.delegationId, reason: 'no' });
  await route(bench(), taskId);
  return { ...tree, taskId };
}

async function inProgress() {
  const tree = await queued();
  await claim(tree.orchestration.id);
  return tree;
}

async function split() {
  const tree = await queued();
  const { links } = await route(bench(), tree.taskId);
  const parts = [aSpec('a'), aSpec('b', ['a'])];
  await order(bench(), tree.taskId, {
    kind: 'decompose',
    delegationId: links.at(-1)!.delegationId,
    parts,
    join: 'all',
  });
  return tree;
}

describe('createAuditRecords', () => {
  it('finds nothing where every life went its way', async () => {
    await Promise.all([queued(), completed(), refused(), split()]);
    const { taskId, orchestration } = await inProgress();
    const lease = (await bench().repositories.leases.ofTask(taskId))[0]!;
    await createGiveBack(bench()).fail(lease, worker, 'broken');
    await order(bench(), taskId, { kind: 'escalate', reason: 'too large' });
    await route(bench(), taskId);
    await order(bench(), taskId, { kind: 'cancel' }, { by: anActor('ana') });
    const { taskId: questioned } = await inProgress();
    await order(bench(), questioned, { kind: 'reroute', force: true });
    const report = await audit();
    expect(report.findings).toEqual([]);
    expect(report.tasks).toBeGreaterThanOrEqual(6);
    expect(orchestration.id).toBeDefined();
  });

  interface Planted {
    readonly check: Check;
    readonly what: string;
    readonly life: () => Promise<SmallTree & { readonly taskId: string }>;
    /** $1 is the task, $2 its orchestration. */
    readonly sql: string;
  }
  const DAY = "interval '1 day'";
  const planted: readonly Planted[] = [
    {
      check: 'lost',
      what: 'a task that vanished',
      life: queued,
      sql: 'DELETE FROM task_delegations WHERE task_id = $1; DELETE FROM routing_decisions WHERE task_id = $1; DELETE FROM tasks WHERE id = $1',
    },
    {
      check: 'lost',
      what: 'a task that nobody submitted',
      life: queued,
      sql: "UPDATE task_events SET type = 'task_updated' WHERE task_id = $1 AND type = 'task_submitted'",
    },
    {
      check: 'ends',
      what: 'a task that ended twice',
      life: completed,
      sql: "INSERT INTO task_events (task_id, seq, type, actor) VALUES ($1, 99, 'task_failed', '{}')",
    },
    {
      check: 'ends',
      what: 'a task that was opened again',
      life: completed,
      sql: "UPDATE tasks SET status = 'queued', finished_at = NULL, result = NULL WHERE id = $1",
    },
    {
      check: 'ends',
      what: 'a task that ended otherwise than it says',
      life: completed,
      sql: "UPDATE tasks SET status = 'failed', result = NULL WHERE id = $1",
    },
    {
      check: 'events',
      what: 'an event that is gone',
      life: completed,
      sql: 'DELETE FROM task_events WHERE task_id = $1 AND seq = 2',
    },
    {
      check: 'replay',
      what: 'a title that changed by hand',
      life: queued,
      sql: "UPDATE tasks SET title = 'another' WHERE id = $1",
    },
    {
      check: 'replay',
      what: 'a hop that changed by hand',
      life: queued,
      sql: "UPDATE task_delegations SET decided_by = 'somebody' WHERE task_id = $1 AND hop = 0",
    },
    {
      check: 'replay',
      what: 'a step that was lost',
      life: queued,
      sql: 'UPDATE tasks SET step = step - 1 WHERE id = $1',
    },
    {
      check: 'hops',
      what: 'a hop that is gone',
      life: queued,
      sql: 'DELETE FROM routing_decisions WHERE task_id = $1; DELETE FROM task_delegations WHERE task_id = $1 AND hop = 0',
    },
    {
      check: 'hops',
      what: 'an offer of a task that is at work',
      life: queued,
      sql: "UPDATE task_delegations SET status = 'pending' WHERE task_id = $1 AND hop = 1",
    },
    {
      check: 'path',
      what: 'a holder that is not at the end of its path',
      life: queued,
      sql: 'UPDATE tasks SET instance_id = entry_instance_id WHERE id = $1',
    },
    {
      check: 'path',
      what: 'a path that holds an instance twice',
      life: queued,
      sql: 'UPDATE task_delegations SET target_instance_id = (SELECT entry_instance_id FROM tasks WHERE id = $1) WHERE task_id = $1 AND hop = 1',
    },
    {
      check: 'path',
      what: 'a hop that stayed open when its task completed',
      life: completed,
      sql: "UPDATE task_delegations SET status = 'accepted', completed_at = NULL WHERE task_id = $1 AND hop = 0",
    },
    {
      check: 'path',
      what: 'a hop that completed without its task',
      life: queued,
      sql: "UPDATE task_delegations SET status = 'completed', completed_at = now() WHERE task_id = $1 AND hop = 1",
    },
    {
      check: 'refusals',
      what: 'an offer to somebody who refused',
      life: refused,
      sql: "INSERT INTO task_delegations (id, task_id, hop, source_instance_id, target_instance_id, status) SELECT gen_random_uuid(), task_id, 1, source_instance_id, target_instance_id, 'cancelled' FROM task_delegations WHERE task_id = $1 AND hop = 0",
    },
    {
      check: 'leases',
      what: 'a task in progress without a lease',
      life: inProgress,
      sql: "UPDATE leases SET ended_at = now(), outcome = 'left' WHERE task_id = $1",
    },
    {
      check: 'leases',
      what: 'a lease of a task that is queued',
      life: inProgress,
      sql: "UPDATE tasks SET status = 'queued' WHERE id = $1",
    },
    {
      check: 'slots',
      what: 'a slot that was held twice',
      life: inProgress,
      sql: `INSERT INTO leases (id, task_id, instance_id, slot_no, worker_id, attempt, timeout_seconds, started_at, heartbeat_at, ended_at, outcome) SELECT gen_random_uuid(), task_id, instance_id, slot_no, 'w2', 2, 5, started_at - ${DAY}, started_at, started_at + ${DAY}, 'failed' FROM leases WHERE task_id = $1`,
    },
    {
      check: 'slots',
      what: 'a slot above the limit',
      life: inProgress,
      sql: `UPDATE task_events SET data = data || '{"slot_no": 10}' WHERE task_id = $1 AND type = 'task_claimed'`,
    },
    {
      check: 'loads',
      what: 'a load that drifted',
      life: queued,
      sql: 'UPDATE instance_loads SET busy = busy + 3 WHERE instance_id = $2',
    },
    {
      check: 'parts',
      what: 'a part that outlived its task',
      life: split,
      sql: `UPDATE tasks SET status = 'cancelled', finished_at = now() - ${DAY} WHERE id = $1`,
    },
    {
      check: 'parts',
      what: 'a task that waits for parts that are over',
      life: split,
      sql: `UPDATE tasks SET status = 'completed', finished_at = now() - ${DAY} WHERE parent_task_id = $1; UPDATE tasks SET updated_at = now() - ${DAY} WHERE id = $1`,
    },
  ];

  it.each(planted)('$check: finds $what', async ({ check, life, sql }) => {
    const { taskId, orchestration } = await life();
    const before = await audit();
    expect(before.findings.filter((each) => each.check === check && aboutIt(each))).toEqual([]);
    await bench().database.transaction(async (transaction) => {
      await bench().database.query("SET LOCAL session_replication_role = 'replica'", { transaction }); // no trigger stops it
      for (const statement of sql.split('; '))
        await bench().database.query(
          statement.replaceAll('$1', `'${taskId}'`).replaceAll('$2', `'${orchestration.id}'`),
          { transaction },
        );
    });
    const after = await audit();
    expect(after.findings.filter((each) => each.check === check && aboutIt(each))).not.toEqual([]);

    function aboutIt({ taskId: task, instanceId }: { taskId: string | null; instanceId: string | null }): boolean {
      return task === taskId || instanceId === orchestration.id;
    }
  });
});
