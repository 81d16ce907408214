import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import type { Sequelize, Transaction } from 'sequelize';
import { ADMIN, type Actor } from '../../src/domain/actor.ts';
import type { Instance, InstanceStatus, Scope } from '../../src/domain/instance.ts';
import type { InstanceConfig } from '../../src/domain/instance.schema.ts';
import type { Policy } from '../../src/domain/policy.schema.ts';
import type { RecordedDecision } from '../../src/domain/routing-decision.ts';
import { type BehaviorFactory, createBehaviorFactory } from '../../src/domain/scopes/behavior-factory.ts';
import type { CommandEnvelope, TaskCommand } from '../../src/domain/task-command.ts';
import { TaskStart } from '../../src/domain/task.schema.ts';
import type { StepResult } from '../../src/domain/step-result.ts';
import type { TaskSnapshot } from '../../src/domain/task-snapshot.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { migrateUp } from '../../src/persistence/migrator.ts';
import { type Models, defineModels } from '../../src/persistence/models/models.ts';
import { type Reads, createReads } from '../../src/persistence/queries/reads.ts';
import { createRepositories } from '../../src/persistence/repositories/repositories.ts';
import { createRuleEngine } from '../../src/rules/rule-engine.ts';
import type { Ports } from '../../src/use-cases/ports.ts';
import { type TaskUseCases, createTaskUseCases } from '../../src/use-cases/use-cases.ts';
import { aPolicy, anActor } from '../support/builders.ts';
import { freshDatabase } from '../support/servers/database.ts';

/** A migrated database of this test file's own, with everything that stands on it. */
export interface Bench extends Ports {
  readonly url: string;
  readonly models: Models;
  readonly reads: Reads;
  readonly useCases: TaskUseCases;
  /** Every decision that was told to the outside, in order. */
  readonly told: readonly RecordedDecision[];
}

/** The bench of this file; each test makes its own instances and tasks in it. */
export function aBench(policy: Policy = aPolicy(), behaviors: BehaviorFactory = createBehaviorFactory()): () => Bench {
  let bench: Bench | undefined;
  let close = (): Promise<void> => Promise.resolve();
  beforeAll(async () => {
    const fresh = await freshDatabase();
    const database = openDatabase(fresh.url, { maxConnections: 12 });
    close = async () => {
      await database.close();
      await fresh.drop();
    };
    await migrateUp(database);
    const models = defineModels(database);
    const repositories = createRepositories(models);
    const inForce = { policy, hash: 'a hash', behaviors };
    const policyInForce = () => Promise.resolve(inForce);
    const rules = createRuleEngine();
    const told: RecordedDecision[] = [];
    const onDecision = (decision: RecordedDecision) => void told.push(decision);
    const ports: Ports = { database, repositories, rules, policyInForce, onDecision };
    bench = { ...ports, url: fresh.url, models, told, reads: createReads(models), useCases: createTaskUseCases(ports) };
  });
  afterAll(() => close());
  return () => {
    if (bench === undefined) throw new Error('the bench is there only within tests');
    return bench;
  };
}

/** Runs something in a transaction of its own. */
export function within<Result>(
  { database }: { readonly database: Sequelize },
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return database.transaction(work);
}

interface InstanceFields {
  readonly scope?: Scope;
  readonly parentId?: string | null;
  readonly status?: InstanceStatus;
  readonly name?: string;
  readonly config?: InstanceConfig;
}

/** Stores an instance as it is wanted, whatever the lifecycle says. */
export function plant(bench: Bench, fields: InstanceFields = {}): Promise<Instance> {
  const { scope = 'global', parentId = null, status = 'running', name = randomUUID(), config = {} } = fields;
  return within(bench, (transaction) =>
    bench.repositories.instances.create(
      transaction,
      { id: randomUUID(), name, scope, status, parentId, config },
      ADMIN,
    ),
  );
}

/** One Global, a project and an orchestration, all running. */
export interface SmallTree {
  readonly global: Instance;
  readonly project: Instance;
  readonly orchestration: Instance;
}

export async function plantTree(
  bench: Bench,
  configs: { readonly [Part in keyof SmallTree]?: InstanceConfig } = {},
): Promise<SmallTree> {
  const global = await plant(bench, { config: configs.global ?? {} });
  const project = await plant(bench, { scope: 'project', parentId: global.id, config: configs.project ?? {} });
  const below = { scope: 'orchestration', parentId: project.id } as const;
  return { global, project, orchestration: await plant(bench, { ...below, config: configs.orchestration ?? {} }) };
}

/** Tags that make a task complex: it goes through the project to the orchestration. */
export const COMPLEX = { tags: ['complex'], metadata: { subtasks: ['a', 'b'] } };

/** Puts a task on record at an instance; it is not routed yet. */
export async function submit(bench: Bench, at: { readonly id: string }, fields: object = {}): Promise<string> {
  const start = TaskStart.parse({ id: randomUUID(), title: 'a task', instanceId: at.id, ...fields });
  await bench.useCases.admitTask(start, ADMIN);
  return start.id;
}

/** Routes a task until it waits for somebody or is final. */
export async function route(bench: Bench, taskId: string): Promise<TaskSnapshot> {
  let row = rowOf(await bench.useCases.readTask({ taskId }));
  while (row.status === 'routing') row = rowOf(await bench.useCases.routeTask({ taskId, expectedStep: row.step }));
  return row;
}

interface Given {
  readonly by?: Actor;
  readonly commandId?: string;
  readonly expectedStep?: number;
  readonly via?: CommandEnvelope['via'];
}

/** Has a command carried out at the step where the task is now, unless the test says otherwise. */
export async function order(
  bench: Bench,
  taskId: string,
  command: TaskCommand,
  { by = anActor('ana'), commandId = randomUUID(), expectedStep, via = 'update' }: Given = {},
): Promise<StepResult> {
  const step = expectedStep ?? rowOf(await bench.useCases.readTask({ taskId })).step;
  return bench.useCases.applyCommand({ taskId, commandId, expectedStep: step, actor: by, via, command });
}

/** The row in a result; a task that is gone fails the test. */
export function rowOf(result: StepResult): TaskSnapshot {
  if (result.verdict === 'gone' || result.row === null) throw new Error('no row came back');
  return result.row;
}
