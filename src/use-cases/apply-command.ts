import type { Transaction } from 'sequelize';
import type { Change } from '../domain/change.ts';
import { judge } from '../domain/commands/judge.ts';
import type { NamedTarget } from '../domain/commands/move-task.ts';
import type { Conflict } from '../domain/commands/verdict.ts';
import type { CommandEnvelope, TaskCommand } from '../domain/task-command.ts';
import type { LockedTask } from '../persistence/repositories/task.repository.ts';
import { bubbleOf } from './bubble.ts';
import { namedTarget, targetOf } from './named-target.ts';
import { partIdsOf } from './part-ids.ts';
import type { Ports } from './ports.ts';
import { rowId } from './row-id.ts';
import { snapshotOf } from './snapshot.ts';
import { workAtHolder } from './work-at.ts';
import type { StepResult } from '../domain/step-result.ts';

export type ApplyCommand = (envelope: CommandEnvelope) => Promise<StepResult>;

/** Judges a command under the locks and writes what it comes to, in one transaction (laws 2 and 3). */
export function createApplyCommand(ports: Ports): ApplyCommand {
  const { database, repositories } = ports;
  return async (given) => {
    const envelope = { ...given, command: withLowerCaseIds(given.command) };
    const instanceIds = await targetOf(ports, envelope.command);
    return database.transaction(async (transaction): Promise<StepResult> => {
      const locked = await repositories.tasks.lock(transaction, envelope.taskId, envelope.commandId, { instanceIds });
      if (locked === null) return { verdict: 'gone' };
      if (locked.isKnownCommand) return { verdict: 'done', row: snapshotOf(locked, locked) };
      if (locked.task.step !== envelope.expectedStep) return { verdict: 'moved', row: snapshotOf(locked, locked) };
      const target = await namedTarget(ports, transaction, locked, envelope.command);
      const work = await workAtHolder(ports, transaction, locked);
      const verdict = judge(locked, envelope.actor, envelope.command, target, work);
      if (verdict.kind === 'done') return { verdict: 'done', row: snapshotOf(locked, locked) };
      if (verdict.kind === 'conflict') return refuse(ports, transaction, locked, envelope, verdict);
      return carryOut(ports, transaction, locked, envelope, verdict.change, target);
    });
  };
}

/** The database compares ids without regard to case, and so do we. */
function withLowerCaseIds(command: TaskCommand): TaskCommand {
  if (command.kind === 'leave') return { ...command, instanceId: command.instanceId.toLowerCase() };
  if (command.kind === 'reassign') return { ...command, targetInstanceId: command.targetInstanceId.toLowerCase() };
  if (!('delegationId' in command) || typeof command.delegationId !== 'string') return command;
  return { ...command, delegationId: command.delegationId.toLowerCase() };
}

async function carryOut(
  ports: Ports,
  transaction: Transaction,
  locked: LockedTask,
  { commandId, command }: CommandEnvelope,
  judged: Change,
  target: NamedTarget | null,
): Promise<StepResult> {
  const delegationId = rowId(locked.task.id, commandId, 'delegation');
  const change = command.kind === 'complete' ? await bubbleOf(ports, transaction, locked, judged) : judged;
  const { tasks } = ports.repositories;
  const partIds = partIdsOf(locked.task.id, commandId);
  const first = await tasks.write(transaction, { before: locked, change, commandId, delegationId, partIds });
  const next = change.followedBy;
  const after =
    next === undefined
      ? first
      : await tasks.write(transaction, { before: first, change: next, commandId: `${commandId}/then`, delegationId });
  const instances = target === null ? [] : [target];
  return { verdict: 'done', row: snapshotOf(locked, after, { instances }) };
}

/** A late signal leaves a trace; an update has its answer, and Hopper's own timers need none. */
async function refuse(
  { repositories }: Ports,
  transaction: Transaction,
  locked: LockedTask,
  { commandId, actor, via, command }: CommandEnvelope,
  { code, detail }: Conflict,
): Promise<StepResult> {
  if (via === 'signal') {
    const data = { command: command.kind, code, detail };
    await repositories.tasks.appendEvent(transaction, locked, { type: 'decision_ignored', actor, commandId, data });
  }
  return { verdict: 'conflict', code, detail, row: null };
}
