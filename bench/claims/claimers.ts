import { randomUUID } from 'node:crypto';
import { QueryTypes, type Sequelize } from 'sequelize';
import type { Actor } from '../../src/domain/actor.ts';
import { PolicySchema } from '../../src/domain/policy.schema.ts';
import { createBehaviorFactory } from '../../src/domain/scopes/behavior-factory.ts';
import type { Models } from '../../src/persistence/models/models.ts';
import { createRepositories } from '../../src/persistence/repositories/repositories.ts';
import { type ClaimAsk, createClaimTask } from '../../src/use-cases/claim-task.ts';
import { createPolicyInForce } from '../../src/use-cases/policy-in-force.ts';
import type { Ports } from '../../src/use-cases/ports.ts';

const WORKER: Actor = { name: 'bench', role: 'worker', subtree: null };

/** What a claim stands on, as in the API: the policy in force is asked of the database each time. */
export function portsOn(models: Models): Ports {
  const repositories = createRepositories(models);
  const database = models.sequelize;
  const policyInForce = createPolicyInForce({
    database,
    repositories,
    load: () => ({ policy: PolicySchema.parse({}), hash: 'bench', text: '' }),
    owner: 'bench',
    behaviorsOf: () => Promise.resolve(createBehaviorFactory()),
  });
  const rules = { problemOf: () => null, holds: () => false };
  return { database, repositories, rules, policyInForce, onDecision: () => undefined };
}

export function wishFor(instanceId: string, skills: readonly string[] | null = null): ClaimAsk {
  return { instanceId, workerId: WORKER.name, requestId: randomUUID(), skills, actor: WORKER };
}

export interface ManyPlan {
  readonly claimers: number;
  /** It is over after so many seconds, or after so many claims. */
  readonly seconds: number;
  readonly claims: number;
}

/** What many who claim at once came to. */
export interface Many extends ManyPlan {
  readonly connections: number;
  readonly made: number;
  readonly perSecond: number;
  readonly ms: readonly number[];
  /** Tasks that two leases were given for. */
  readonly twice: number;
  readonly deadlocks: number;
  readonly failures: readonly string[];
}

/** Lets many claim from one queue at once, each as soon as it has its answer. */
export async function measureMany(
  models: Models,
  instanceId: string,
  plan: ManyPlan,
  connections: number,
): Promise<Many> {
  const claimTask = createClaimTask(portsOn(models));
  const [times, tasks, failures]: [number[], string[], string[]] = [[], [], []];
  const deadlocksBefore = await deadlocksOf(models.sequelize);
  const began = performance.now();
  const until = began + plan.seconds * 1_000;
  let started = 0;
  const claimer = async (): Promise<void> => {
    while (performance.now() < until && started < plan.claims) {
      started += 1;
      const from = performance.now();
      const claimed = await claimTask(wishFor(instanceId)).catch((error: unknown) => {
        failures.push(error instanceof Error ? error.message : String(error));
        return null;
      });
      if (claimed === null) continue;
      times.push(performance.now() - from);
      tasks.push(claimed.task.id);
    }
  };
  await Promise.all(Array.from({ length: plan.claimers }, claimer));
  const seconds = (performance.now() - began) / 1_000;
  return {
    ...plan,
    connections,
    made: tasks.length,
    perSecond: tasks.length / seconds,
    ms: times,
    twice: tasks.length - new Set(tasks).size,
    deadlocks: (await deadlocksOf(models.sequelize)) - deadlocksBefore,
    failures,
  };
}

/** Connections that end report what they counted; one that is asked reports what it has counted itself. */
async function deadlocksOf(database: Sequelize): Promise<number> {
  await database.query('SELECT pg_stat_force_next_flush()');
  const sql = 'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()';
  const [counted] = await database.query<{ deadlocks: number }>(sql, { type: QueryTypes.SELECT });
  return counted?.deadlocks ?? Number.NaN;
}
