import { randomUUID } from 'node:crypto';
import type { Sequelize } from 'sequelize';
import { ADMIN } from '../../src/domain/actor.ts';
import type { RecordedDecision } from '../../src/domain/routing-decision.ts';
import { createBehaviorFactory } from '../../src/domain/scopes/behavior-factory.ts';
import { TaskStart } from '../../src/domain/task.schema.ts';
import type { Models } from '../../src/persistence/models/models.ts';
import { createRepositories } from '../../src/persistence/repositories/repositories.ts';
import { createTaskUseCases } from '../../src/use-cases/use-cases.ts';
import { type CpuTime, cpuTimeOf } from './cpu-time.ts';
import type { Kind } from './kinds.ts';
import { KINDS } from './kinds.ts';
import type { Globals } from './seed.ts';
import { type Statement, watchStatements } from '../statements.ts';

export interface BenchPlan {
  readonly rounds: number;
  /** Decisions of each cell in one round. */
  readonly decisions: number;
  readonly warmUp: number;
}

/** The decisions of one kind below one Global. */
export interface Cell {
  readonly kind: string;
  readonly size: number;
  readonly ms: number[];
  /** CPU time, ours and the database's; empty where the system does not tell. */
  readonly cpu: number[];
  readonly statements: Set<number>;
  readonly trace: Statement[][];
}

/** Makes decisions of every kind below every Global, the sizes in alternating order, and says how long each took. */
export async function measureDecisions(models: Models, globals: Globals, plan: BenchPlan): Promise<readonly Cell[]> {
  const meters = { watch: watchStatements(models.sequelize), cpuTime: await cpuTimeOf(models.sequelize) };
  const cells = KINDS.flatMap((kind) =>
    [...globals].map(([size, globalId]) => ({ kind, size, run: routerOf(models, kind, globalId, size, meters) })),
  );
  for (const { run } of cells) await run(plan.warmUp);
  const measured = cells.map(({ kind, size, run }) => ({ cell: emptyCell(kind, size), run }));
  for (let round = 0; round < plan.rounds; round += 1) {
    const order = round % 2 === 0 ? measured : measured.toReversed();
    for (const { cell, run } of order) await run(plan.decisions, cell);
  }
  return measured.map(({ cell }) => cell);
}

interface Meters {
  readonly watch: () => Statement[];
  readonly cpuTime: CpuTime;
}

type Run = (decisions: number, cell?: Cell) => Promise<void>;

function routerOf(models: Models, kind: Kind, globalId: string, size: number, { watch, cpuTime }: Meters): Run {
  let decided: RecordedDecision | null = null;
  const inForce = { policy: kind.policy, hash: 'bench', behaviors: createBehaviorFactory() };
  const useCases = createTaskUseCases({
    database: models.sequelize,
    repositories: createRepositories(models),
    rules: { problemOf: () => null, holds: () => false },
    policyInForce: () => Promise.resolve(inForce),
    onDecision: (decision) => {
      decided = decision;
    },
  });
  let number = 0;
  return async (decisions, cell) => {
    for (let left = decisions; left > 0; left -= 1) {
      const start = TaskStart.parse({ id: randomUUID(), instanceId: globalId, ...kind.task((number += 1), size) });
      await useCases.admitTask(start, ADMIN);
      watch();
      const cpuBefore = cpuTime();
      const began = performance.now();
      await useCases.routeTask({ taskId: start.id, expectedStep: 0 });
      const ms = performance.now() - began;
      const cpuAfter = cpuTime();
      expectStrategy(decided, kind);
      const statements = watch();
      cell?.ms.push(ms);
      if (cpuBefore !== null && cpuAfter !== null) cell?.cpu.push(cpuAfter - cpuBefore);
      cell?.statements.add(statements.length);
      cell?.trace.push(statements);
    }
  };
}

/** A decision of another kind would be a measurement of something else. */
function expectStrategy(decided: RecordedDecision | null, { name, strategy }: Kind): void {
  if (decided?.strategy !== strategy)
    throw new Error(`${name}: decided by ${String(decided?.strategy)}, not by ${strategy}`);
}

function emptyCell({ name }: Kind, size: number): Cell {
  return { kind: name, size, ms: [], cpu: [], statements: new Set(), trace: [] };
}

/** Brings tables and statistics to where a database is after some time of its own housekeeping. */
export async function settle(database: Sequelize): Promise<void> {
  await database.query('VACUUM ANALYZE');
}
