import { randomUUID } from 'node:crypto';
import type { Sequelize } from 'sequelize';
import type { Models } from '../../src/persistence/models/models.ts';
import { createReads } from '../../src/persistence/queries/reads.ts';
import { rowsOf } from '../../src/persistence/prepared.ts';
import { PICK_ALONE } from '../../src/persistence/repositories/lease-statements.ts';
import { ClaimBody } from '../../src/domain/lease.schema.ts';
import { type LeaseServiceNeeds, createLeaseService } from '../../src/service/lease.service.ts';
import { createLeaseTokens } from '../../src/service/lease-token.ts';
import type { Ports } from '../../src/use-cases/ports.ts';
import { createClaimTask } from '../../src/use-cases/claim-task.ts';
import { type Statement, watchStatements } from '../statements.ts';
import { portsOn, wishFor } from './claimers.ts';
import type { Places } from './seed.ts';

export interface OneByOnePlan {
  readonly rounds: number;
  /** Claims of each kind in one round. */
  readonly claims: number;
  readonly warmUp: number;
}

/** One kind of claim: how long each pick and each whole claim took. */
export interface Cell {
  readonly kind: string;
  readonly queued: number;
  readonly pick: number[];
  readonly claim: number[];
  readonly trace: Statement[][];
}

/** Ends what was claimed and queues another task in its place, so that the queue stays as long as it was. */
const FINISH = `
  WITH ended AS (
    UPDATE leases SET ended_at = clock_timestamp(), outcome = 'completed' WHERE task_id = $1 AND ended_at IS NULL
  ), finished AS (
    UPDATE tasks SET status = 'completed', finished_at = clock_timestamp() WHERE id = $1 RETURNING *
  )
  INSERT INTO tasks (id, title, tags, priority, metadata, status, entry_instance_id, instance_id, step, event_seq, queued_at)
  SELECT $2, title, tags, priority, metadata, 'queued', entry_instance_id, instance_id, 1, 2, clock_timestamp() FROM finished`;

interface Kind {
  readonly kind: string;
  readonly queued: number;
  readonly pickAt: string | null;
  readonly skills: readonly string[] | null;
  readonly claim: () => Promise<{ readonly task: { readonly id: string } } | null>;
}

/** Claims from every queue, the kinds in alternating order. */
export async function measureOneByOne(models: Models, places: Places, plan: OneByOnePlan): Promise<readonly Cell[]> {
  const watch = watchStatements(models.sequelize);
  const ports = portsOn(models);
  await ports.policyInForce(null); // publishes it, which needs a connection that no claim holds
  const kinds = kindsOf(models, ports, places);
  for (const kind of kinds) await measure(models.sequelize, kind, plan.warmUp, null, watch);
  const measured = kinds.map((kind) => ({ kind, cell: emptyCell(kind) }));
  for (let round = 0; round < plan.rounds; round += 1) {
    const order = round % 2 === 0 ? measured : measured.toReversed();
    for (const { kind, cell } of order) await measure(models.sequelize, kind, plan.claims, cell, watch);
  }
  return measured.map(({ cell }) => cell);
}

async function measure(
  database: Sequelize,
  kind: Kind,
  claims: number,
  cell: Cell | null,
  watch: () => Statement[],
): Promise<void> {
  for (let left = claims; left > 0; left -= 1) {
    if (kind.pickAt !== null) {
      const pick = await timed(() => rowsOf(database, null, PICK_ALONE, [kind.pickAt, kind.skills]));
      cell?.pick.push(pick.ms);
    }
    watch();
    const { ms, answer } = await timed(kind.claim);
    cell?.claim.push(ms);
    cell?.trace.push(watch());
    if (answer === null) throw new Error(`${kind.kind}: nothing was claimed`);
    await database.query(FINISH, { bind: [answer.task.id, randomUUID()] });
  }
}

function kindsOf(models: Models, ports: Ports, { alone, treeRoot }: Places): readonly Kind[] {
  const claimTask = createClaimTask(ports);
  const tokens = createLeaseTokens(() => Promise.resolve('bench'));
  const needs = { repositories: ports.repositories, reads: createReads(models), claimTask, tokens };
  const service = createLeaseService(needs as LeaseServiceNeeds); // claims need no more of it
  const plain = [...alone].flatMap(([queued, instanceId]) =>
    [null, ['skill-3']].map((skills) => ({
      kind: skills === null ? 'any task' : 'a worker with one skill',
      queued,
      pickAt: instanceId,
      skills,
      claim: () => claimTask(wishFor(instanceId, skills)),
    })),
  );
  const body = ClaimBody.parse({ worker_id: 'bench', subtree: true });
  const unhurried = new AbortController().signal;
  const tree: Kind = {
    kind: 'a subtree',
    queued: Math.max(...alone.keys()),
    pickAt: null,
    skills: null,
    claim: () => service.claim(treeRoot, body, { actor: wishFor(treeRoot).actor, requestId: randomUUID() }, unhurried),
  };
  return [...plain, tree];
}

async function timed<Answer>(work: () => Promise<Answer>): Promise<{ ms: number; answer: Answer }> {
  const began = performance.now();
  const answer = await work();
  return { ms: performance.now() - began, answer };
}

function emptyCell({ kind, queued }: Kind): Cell {
  return { kind, queued, pick: [], claim: [], trace: [] };
}
