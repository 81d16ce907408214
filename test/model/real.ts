import { randomUUID } from 'node:crypto';
import { DomainError, IS_FINAL } from '../../src/domain/errors.ts';
import { ClaimBody } from '../../src/domain/lease.schema.ts';
import { DecomposeBody } from '../../src/domain/parts/part.schema.ts';
import { TaskCreate } from '../../src/domain/task.schema.ts';
import type { RequestContext } from '../../src/service/hopper-service.ts';
import { type TestHopper, by, plant } from '../support/hopper.ts';
import type { Command } from './command.ts';
import { of } from './predict.ts';
import { COMPLEX, type Place, WANTS, treeOf } from './tree.ts';
import type { Performed, World } from './world.ts';
import { QUESTION } from './work-rules.ts';

/** How Hopper answered; `task` and `lease` are what it gave. */
export type RealAnswer =
  | { readonly kind: 'done'; readonly task?: string; readonly lease?: RealLease }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly code: string; readonly words: string };

interface RealLease {
  readonly id: string;
  readonly token: string;
  readonly task: string;
}

/** Hopper with a tree of this sequence's own, and what the numbers of the model stand for. */
export interface Real {
  readonly hopper: TestHopper;
  readonly restartWorker: () => Promise<void>;
  readonly places: ReadonlyMap<string, string>;
  readonly tasks: string[];
  readonly leases: RealLease[];
  readonly sequence: string;
}

const PATIENCE_MS = 120_000;
const PAUSE_MS = 250;
const UNHURRIED = new AbortController().signal;

export async function plantFor(
  hopper: TestHopper,
  onUnroutable: World['onUnroutable'],
  restartWorker: Real['restartWorker'],
): Promise<Real> {
  const places = await patiently(async () => {
    const root = `global ${randomUUID()}`; // roots have different names
    const planted = await plant(hopper.service, { ...treeOf(onUnroutable), name: root }, null);
    return new Map([...planted].map(([name, id]) => [name === root ? 'global' : name, id]));
  });
  return { hopper, restartWorker, places, tasks: [], leases: [], sequence: randomUUID() };
}

export function idOf({ places }: Pick<Real, 'places'>, place: Place): string {
  const id = places.get(place);
  if (id === undefined) throw new TypeError(`no instance ${place}`);
  return id;
}

/** Gives a command to Hopper, and again under the same id where no answer came in time. A "no" is an answer. */
export async function perform(real: Real, { command, request }: Performed): Promise<RealAnswer> {
  const requestId = `${real.sequence}/${String(request)}`;
  const context: RequestContext = { ...by('by' in command ? command.by : undefined, requestId), isKeyed: true };
  try {
    return await patiently(() => give(real, command, context));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { kind: 'refused', code: error.code, words: error.message };
  }
}

/** Asks again where a server does not answer in time, as a client is told to. */
export async function patiently<Result>(ask: () => Promise<Result>): Promise<Result> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof DomainError) || IS_FINAL[error.code] || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

async function give(real: Real, command: Performed['command'], context: RequestContext): Promise<RealAnswer> {
  if ('task' in command) return giveToTask(real, command, of(real.tasks, command.task), context);
  switch (command.kind) {
    case 'submit':
      return { kind: 'done', task: await submit(real, command, context) };
    case 'claim':
      return claim(real, command, context);
    case 'heartbeat':
    case 'finish':
    case 'fail_attempt':
    case 'release':
    case 'ask':
      await asWorker(real, command.kind, of(real.leases, command.lease));
      return { kind: 'done' };
    case 'start':
    case 'pause':
    case 'resume':
      await real.hopper.service.instances.move(idOf(real, command.at), command.kind, context);
      return { kind: 'done' };
    case 'stop':
      await real.hopper.service.instances.move(idOf(real, command.at), 'stop', context, { force: command.force });
      return { kind: 'done' };
    case 'restart_worker':
      await real.restartWorker();
      return { kind: 'done' };
  }
}

type OfTask = Extract<Performed['command'], { readonly task: number }>;

async function giveToTask(real: Real, command: OfTask, taskId: string, context: RequestContext): Promise<RealAnswer> {
  const { tasks, delegations } = real.hopper.service;
  const reason = command.kind;
  switch (command.kind) {
    case 'accept':
      await delegations.accept(await hopId(real, taskId, command.hop), null, context);
      break;
    case 'reject': {
      const { retryable } = command;
      await delegations.reject(await hopId(real, taskId, command.hop), { reason, code: null, retryable }, context);
      break;
    }
    case 'complete_hop':
      await delegations.complete(await hopId(real, taskId, command.hop), 'done', context);
      break;
    case 'complete':
      await tasks.command(taskId, { kind: 'complete', result: 'done', force: command.force }, context);
      break;
    case 'fail':
      await tasks.command(taskId, { kind: 'fail', reason, force: command.force }, context);
      break;
    case 'cancel':
    case 'escalate':
      await tasks.command(taskId, { kind: command.kind, reason }, context);
      break;
    case 'reroute':
      await tasks.command(taskId, { kind: 'reroute', reason, force: command.force }, context);
      break;
    case 'reassign': {
      const targetInstanceId = idOf(real, command.to);
      await tasks.command(taskId, { kind: 'reassign', targetInstanceId, delegationType: 'reassign' }, context);
      break;
    }
    case 'decompose': {
      const { parts } = DecomposeBody.parse({
        parts: Array.from({ length: command.parts }, () => ({ title: 'part' })),
      });
      await tasks.command(taskId, { kind: 'decompose', parts, join: command.join }, context);
      break;
    }
    case 'answer':
      await tasks.answer(taskId, 'this way', context);
      break;
    case 'retry':
      return { kind: 'done', task: (await tasks.retry(taskId, context)).task.id };
  }
  return { kind: 'done' };
}

async function submit(
  real: Real,
  { at, want, isComplex, priority }: Extract<Command, { kind: 'submit' }>,
  context: RequestContext,
): Promise<string> {
  const tags = [...WANTS[want].tags, ...(isComplex ? [COMPLEX] : [])];
  const body = TaskCreate.parse({ title: 'work', tags, priority, instance_id: idOf(real, at) });
  return (await real.hopper.service.tasks.submit(body, context)).task.id;
}

async function claim(
  real: Real,
  { at, worker }: Extract<Command, { kind: 'claim' }>,
  context: RequestContext,
): Promise<RealAnswer> {
  const body = ClaimBody.parse({ worker_id: worker, request_id: context.requestId });
  const claimed = await real.hopper.service.leases.claim(idOf(real, at), body, context, UNHURRIED);
  if (claimed === null) return { kind: 'nothing' };
  const { task, lease, token } = claimed;
  return { kind: 'done', lease: { id: lease.id, token, task: task.id } };
}

async function asWorker(
  { hopper: { service } }: Real,
  kind: 'heartbeat' | 'finish' | 'fail_attempt' | 'release' | 'ask',
  { id, token }: RealLease,
): Promise<void> {
  const { leases } = service;
  switch (kind) {
    case 'heartbeat':
      await leases.heartbeat(id, token, { note: 'at it' });
      return;
    case 'finish':
      await leases.complete(id, token, { result: 'done', output: null });
      return;
    case 'fail_attempt':
      await leases.fail(id, token, { reason: 'broken', output: null });
      return;
    case 'release':
      await leases.release(id, token, 'another one shall');
      return;
    case 'ask':
      await leases.ask(id, token, QUESTION);
  }
}

async function hopId({ hopper }: Real, taskId: string, no: number): Promise<string> {
  return of((await hopper.service.tasks.chain(taskId)).chain, no).id;
}
