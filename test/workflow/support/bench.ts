import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { WorkflowHandleWithFirstExecutionRunId as Started } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../../../activities/index.ts';
import { registerSearchAttributes } from '../../../src/temporal/search-attributes.ts';
import type { TaskUseCases } from '../../../src/use-cases/use-cases.ts';
import type { CommandAnswer, StateAnswer, TaskOutcome } from '../../../workflows/messages.ts';
import type { drainWorkflow } from '../../../workflows/drain.workflow.ts';
import type { reconcileWorkflow } from '../../../workflows/reconcile.workflow.ts';
import type { taskWorkflow } from '../../../workflows/task.workflow.ts';
import { timeSkippingServer, workflowBundlePath } from '../../support/servers/addresses.ts';
import { FakeDrain } from './fake-drain.ts';
import { FakeParts } from './fake-parts.ts';
import { FakeRecords } from './fake-records.ts';
import { FakeRow } from './fake-row.ts';
import { upsertsPerWorkflowTask } from './history.ts';
import { AUTO, MANUAL, type Tree } from './tree.ts';
import { ask } from './ask.ts';
import { until } from './until.ts';

export type TaskHandle = Started<typeof taskWorkflow>;
export type DrainHandle = Started<typeof drainWorkflow>;
export type ReconcileHandle = Started<typeof reconcileWorkflow>;

export interface BeginOptions {
  readonly tree?: Tree;
  readonly title?: string;
  readonly tags?: readonly string[];
  /** false: a foreign client starts it, with the whole task as input. */
  readonly isOnRecord?: boolean;
  /** Arranges the row before the workflow starts. */
  readonly arrange?: (row: FakeRow) => void;
  /** Comes with the start itself. */
  readonly signal?: (row: FakeRow) => FirstSignal;
}

interface FirstSignal {
  readonly name: string;
  readonly message: object;
}

/** A task on its way: its workflow, and the row that its activities work on. */
export interface Begun {
  readonly taskId: string;
  readonly row: FakeRow;
  readonly handle: TaskHandle;
}

export interface BenchOptions {
  readonly environment?: () => Promise<TestWorkflowEnvironment>;
  readonly maxCachedWorkflows?: number;
  /** Where the server's program may have to be made first. */
  readonly startWithinMs?: number;
}

const TASK_QUEUE = 'hopper';
let isQuiet = false;

/** A Temporal server with one worker, whose activities work on rows in memory. */
export class Bench {
  readonly environment: TestWorkflowEnvironment;
  private readonly rows: Map<string, FakeRow>;
  private readonly drains: Map<string, FakeDrain>;
  private readonly worker: Worker;
  private readonly running: Promise<void>;
  private readonly begun: (TaskHandle | DrainHandle | ReconcileHandle)[] = [];
  private readonly inMemory: InMemory;

  private constructor(environment: TestWorkflowEnvironment, inMemory: InMemory, worker: Worker) {
    this.environment = environment;
    this.inMemory = inMemory;
    this.rows = inMemory.rows;
    this.drains = inMemory.drains;
    this.worker = worker;
    this.running = worker.run();
  }

  static async start({ environment = () => timeSkipping(), maxCachedWorkflows = 100 }: BenchOptions): Promise<Bench> {
    quiet();
    const server = await environment();
    await registerSearchAttributes(server.connection, server.namespace ?? 'default');
    const inMemory: InMemory = { rows: new Map(), parts: new Map(), drains: new Map(), records: new FakeRecords() };
    const worker = await Worker.create({
      connection: server.nativeConnection,
      taskQueue: TASK_QUEUE,
      identity: 'test worker',
      workflowBundle: { codePath: workflowBundlePath() },
      activities: activitiesOn(inMemory),
      maxCachedWorkflows,
    });
    return new Bench(server, inMemory, worker);
  }

  async close(): Promise<void> {
    this.worker.shutdown();
    await this.running;
    await this.environment.teardown();
  }

  /** Starts a task; unless told otherwise it is on record, as after `POST /tasks`. */
  async begin(options: BeginOptions = {}): Promise<Begun> {
    const { title = 'Split the invoices', tags = ['billing'], isOnRecord = true } = options;
    const row = this.plant(options.tree ?? MANUAL);
    const { taskId } = row;
    if (isOnRecord) await row.admit(title, tags);
    options.arrange?.(row);
    const task = isOnRecord ? { id: taskId } : { id: taskId, title, tags };
    return { taskId, row, handle: await this.start(`task/${taskId}`, { task }, options.signal?.(row)) };
  }

  /** Starts a task that is in so many parts as soon as somebody has it; the last of them waits for the others. */
  async beginSplit(count: number): Promise<Begun & { readonly parts: readonly FakeRow[] }> {
    const parts = Array.from({ length: count }, () => this.plant(AUTO));
    for (const [no, part] of parts.entries()) await part.admit(`part ${String(no + 1)}`);
    const split = (whole: FakeRow): void => {
      this.inMemory.parts.set(whole.taskId, new FakeParts(whole, parts));
    };
    return { ...(await this.begin({ tree: AUTO, arrange: split })), parts };
  }

  async start(workflowId: string, input: unknown, first?: FirstSignal): Promise<TaskHandle> {
    const { workflow } = this.environment.client;
    const options = { workflowId, taskQueue: TASK_QUEUE, args: [input] as never, staticSummary: 'Split the invoices' };
    if (first !== undefined) {
      const signal = { signal: first.name, signalArgs: [first.message] as never };
      await workflow.signalWithStart<typeof taskWorkflow>('taskWorkflow', { ...options, ...signal });
    }
    const handle = await workflow.start<typeof taskWorkflow>('taskWorkflow', {
      ...options,
      workflowIdConflictPolicy: first === undefined ? 'FAIL' : 'USE_EXISTING',
    });
    this.begun.push(handle);
    return handle;
  }

  private plant(tree: Tree): FakeRow {
    const row = new FakeRow(taskIdOf(this.rows.size), tree, () => this.now());
    this.rows.set(row.taskId, row);
    return row;
  }

  /** Starts the drain of an instance of which so many tasks are left after each pass; null: there is no such instance. */
  async beginDrain(leftAfter: readonly number[] | null): Promise<{ drain: FakeDrain; handle: DrainHandle }> {
    const instanceId = `agents-${String(this.drains.size + 1)}`;
    const drain = new FakeDrain(leftAfter ?? [], () => this.now());
    if (leftAfter !== null) this.drains.set(instanceId, drain);
    const { workflow } = this.environment.client;
    const handle = await workflow.start<typeof drainWorkflow>('drainWorkflow', {
      workflowId: `drain/${instanceId}`,
      taskQueue: TASK_QUEUE,
      args: [{ instanceId }],
      staticSummary: 'agents stops: its open tasks move away',
    });
    this.begun.push(handle);
    return { drain, handle };
  }

  /** Starts a look through records of which there are so many pages. */
  async beginReconcile(pages: number): Promise<{ records: FakeRecords; handle: ReconcileHandle }> {
    const records = new FakeRecords(pages);
    this.inMemory.records = records;
    const handle = await this.environment.client.workflow.start<typeof reconcileWorkflow>('reconcileWorkflow', {
      workflowId: 'reconcile/hopper',
      taskQueue: TASK_QUEUE,
      args: [],
    });
    this.begun.push(handle);
    return { records, handle };
  }

  async now(): Promise<Date> {
    return new Date(await this.environment.currentTimeMs());
  }

  /** Of every task that this test began: its history replays, and no workflow task has more than one upsert. */
  async checkHistories(): Promise<void> {
    for (const handle of this.begun.splice(0)) {
      const history = await handle.fetchHistory();
      expect(Math.max(0, ...upsertsPerWorkflowTask(history))).toBeLessThanOrEqual(1);
      await replay(history, handle.workflowId);
    }
  }
}

/** A bench for all tests of a file; what each test began is checked and replayed when the test is done. */
export function useBench(options: BenchOptions = {}): () => Bench {
  let bench: Bench | undefined;
  const current = (): Bench => {
    if (bench === undefined) throw new Error('the bench is not up');
    return bench;
  };
  beforeAll(async () => {
    bench = await Bench.start(options);
  }, options.startWithinMs);
  afterEach(() => current().checkHistories());
  afterAll(() => bench?.close());
  return current;
}

/** Fails if the workflow would not do again what the history says that it did. */
export async function replay(history: History, workflowId: string, code?: string): Promise<void> {
  quiet();
  const workflowBundle = code === undefined ? { codePath: workflowBundlePath() } : { code };
  await Worker.runReplayHistory({ workflowBundle, replayName: workflowId }, history, workflowId);
}

export function stateOf(handle: TaskHandle): Promise<StateAnswer> {
  return ask<StateAnswer>(handle, 'taskState');
}

/** Waits until the workflow has adopted a row that it is so. */
function untilState(handle: TaskHandle, holds: (state: StateAnswer) => boolean): Promise<StateAnswer> {
  return until(() => stateOf(handle), holds);
}

/** Waits for an offer to this place and gives the id of its delegation. */
export async function untilOffered(handle: TaskHandle, to: string): Promise<string> {
  const { offer } = await untilState(handle, (state) => state.offer?.to === to);
  return offer!.delegationId;
}

export function untilStatus(handle: TaskHandle, status: StateAnswer['status']): Promise<StateAnswer> {
  return untilState(handle, (state) => state.status === status);
}

export function update(
  handle: Pick<TaskHandle, 'executeUpdate'>,
  name: string,
  message: unknown,
  updateId?: string,
): Promise<CommandAnswer> {
  const options = { args: [message] as [unknown], ...(updateId !== undefined && { updateId }) };
  return handle.executeUpdate<CommandAnswer, [unknown]>(name, options);
}

export function resultOf(handle: TaskHandle): Promise<TaskOutcome> {
  return handle.result();
}

/** The search attributes by name, as people find them. */
export async function attributesOf(handle: TaskHandle): Promise<Record<string, unknown>> {
  const { typedSearchAttributes } = await handle.describe();
  return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
}

interface InMemory {
  readonly rows: Map<string, FakeRow>;
  readonly parts: Map<string, FakeParts>;
  readonly drains: Map<string, FakeDrain>;
  records: FakeRecords;
}

function activitiesOn(inMemory: InMemory): ReturnType<typeof createActivities> {
  const { rows, drains } = inMemory;
  const rowOf = (taskId: string) => rows.get(taskId);
  const ofNobody = { instance: null, left: [] };
  const tasks: TaskUseCases = {
    admitTask: async ({ id, title, tags }) => {
      await rowOf(id)?.admit(title, tags);
      return { task: rowOf(id)!.task, isNew: true };
    },
    routeTask: async (ask) => (await rowOf(ask.taskId)?.routeTask(ask)) ?? { verdict: 'gone' },
    applyCommand: async (ask) => (await rowOf(ask.taskId)?.applyCommand(ask)) ?? { verdict: 'gone' },
    pushTask: async (ask) => (await rowOf(ask.taskId)?.pushTask(ask)) ?? { verdict: 'gone' },
    readTask: async (ask) => (await rowOf(ask.taskId)?.readTask()) ?? { verdict: 'gone' },
    joinParts: async (ask) => (await inMemory.parts.get(ask.taskId)?.join()) ?? { verdict: 'gone' },
    findPartsToStart: (ask) =>
      Promise.resolve(inMemory.parts.get(ask.taskId)?.findPartsToStart(ask.from) ?? { parts: [], next: null }),
  };
  return createActivities(tasks, {
    drainInstance: async (ask) => (await drains.get(ask.instanceId)?.drainInstance(ask)) ?? ofNobody,
    finishDrain: async (ask) => (await drains.get(ask.instanceId)?.finishDrain()) ?? ofNobody,
    reconcile: (page) => inMemory.records.reconcile(page),
  });
}

/** The SDK gives a server five seconds to start; on a machine with much to do that may be too little. */
async function timeSkipping(triesLeft = 5): Promise<TestWorkflowEnvironment> {
  const executable = { type: 'existing-path', path: timeSkippingServer() } as const;
  try {
    return await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable },
      client: { identity: 'test client' },
    });
  } catch (error) {
    if (triesLeft === 0) throw error;
    return timeSkipping(triesLeft - 1);
  }
}

/** Ids that are the same in every run, so that a saved history can be compared with the next one. */
function taskIdOf(count: number): string {
  return `01970000-0000-7000-8000-${String(count + 1).padStart(12, '0')}`;
}

/** Refusals and retries are what these tests provoke; nobody needs to read about them. */
function quiet(): void {
  if (!isQuiet) Runtime.install({ logger: new DefaultLogger('ERROR') });
  isQuiet = true;
}
