import { readParts } from '../src/domain/parts/read-parts.ts';
import type { TaskCommand } from '../src/domain/task-command.ts';
import type { Inbox } from './inbox.ts';
import * as messages from './messages.ts';

const DELEGATION = { delegationId: 'text', by: 'by' } as const;
const LEASE = { delegationId: 'text?', leaseId: 'text?', force: 'flag?' } as const;

/** Makes the inbox hear every command that a person or a program can give. */
export function listen(inbox: Inbox): void {
  listenForVerdicts(inbox);
  listenForEnds(inbox);
  listenForMoves(inbox);
}

function listenForVerdicts(inbox: Inbox): void {
  const acceptShape = { ...DELEGATION, notes: 'text?' } as const;
  const accept = ({ delegationId, notes }: messages.AcceptMessage) =>
    ({ kind: 'accept', delegationId, notes: notes ?? null }) as const;
  const acceptWords = 'Accepts the open offer {delegationId, by, notes?}: the task goes on at the offer’s target.';
  inbox.onSignal(messages.acceptSignal, acceptShape, accept, acceptWords);
  inbox.onUpdate(messages.acceptUpdate, acceptShape, accept, acceptWords);

  const rejectShape = { ...DELEGATION, reason: 'text', code: 'text?', retryable: 'flag?' } as const;
  const reject = ({ delegationId, reason, code, retryable }: messages.RejectMessage) =>
    ({ kind: 'reject', delegationId, reason, code: code ?? null, retryable: retryable ?? false }) as const;
  const rejectWords = 'Refuses the open offer {delegationId, by, reason, code?, retryable?}: another target is sought.';
  inbox.onSignal(messages.rejectSignal, rejectShape, reject, rejectWords);
  inbox.onUpdate(messages.rejectUpdate, rejectShape, reject, rejectWords);
}

function listenForEnds(inbox: Inbox): void {
  const completeShape = { by: 'by', ...LEASE, result: 'json?' } as const;
  const complete = ({ delegationId, leaseId, force, result }: messages.CompleteMessage) =>
    ({
      kind: 'complete',
      delegationId: delegationId ?? null,
      leaseId: leaseId ?? null,
      force: force ?? false,
      result: result ?? null,
    }) as const;
  const completeWords = 'Completes the task {by, delegationId, result?}: the chain is closed from leaf to root.';
  inbox.onSignal(messages.completeSignal, completeShape, complete, completeWords);
  inbox.onUpdate(messages.completeUpdate, completeShape, complete, completeWords);
  inbox.onUpdate(
    messages.failUpdate,
    { by: 'by', ...LEASE, reason: 'text' },
    ({ delegationId, leaseId, force, reason }) =>
      ({
        kind: 'fail',
        delegationId: delegationId ?? null,
        leaseId: leaseId ?? null,
        force: force ?? false,
        reason,
      }) as const,
    'Ends the task as failed {by, delegationId, reason}.',
  );
  inbox.onUpdate(
    messages.decomposeUpdate,
    { by: 'by', ...LEASE, parts: 'parts', join: 'join?' },
    decomposeCommand,
    'Splits the task into parts {by, parts: [{title, key?, after?, …}], join?, delegationId?, leaseId?}: it waits for them.',
  );
  inbox.onUpdate(
    messages.cancelUpdate,
    { by: 'by', reason: 'text?' },
    ({ reason }) => ({ kind: 'cancel', reason: reason ?? null }) as const,
    'Cancels the task {by, reason?} in any open state; against a completion the first in wins.',
  );
}

function decomposeCommand(message: messages.DecomposeMessage): TaskCommand {
  const { delegationId, leaseId, force, join } = message;
  const read = readParts(message.parts);
  if ('problems' in read) throw new TypeError('the validator let parts through that are none');
  return {
    kind: 'decompose',
    delegationId: delegationId ?? null,
    leaseId: leaseId ?? null,
    force: force ?? false,
    parts: read.parts,
    join: join ?? 'all',
  };
}

function listenForMoves(inbox: Inbox): void {
  inbox.onUpdate(
    messages.escalateUpdate,
    { by: 'by', reason: 'text' },
    ({ reason }) => ({ kind: 'escalate', reason }) as const,
    'Gives the task back to the instance above the holder {by, reason}.',
  );
  inbox.onUpdate(
    messages.rerouteUpdate,
    { by: 'by', reason: 'text?', force: 'flag?', onlyHeld: 'flag?' },
    ({ reason, force, onlyHeld }) =>
      ({ kind: 'reroute', reason: reason ?? null, force: force ?? false, onlyHeld: onlyHeld ?? false }) as const,
    'Withdraws the offer or leaves the holder, and decides anew {by, reason?, onlyHeld?}.',
  );
  inbox.onUpdate(
    messages.reassignUpdate,
    { by: 'by', targetInstanceId: 'text', delegationType: 'type?', notes: 'text?' },
    ({ targetInstanceId, delegationType, notes }) =>
      ({
        kind: 'reassign',
        targetInstanceId,
        delegationType: delegationType ?? 'reassign',
        notes: notes ?? null,
      }) as const,
    'Hands the task over to a named instance {by, targetInstanceId, delegationType?, notes?}.',
  );
  inbox.onUpdate(
    messages.leaveUpdate,
    { by: 'by', instanceId: 'text', reason: 'text', force: 'flag?' },
    ({ instanceId, reason, force }) => ({ kind: 'leave', instanceId, reason, force: force ?? false }) as const,
    'Takes the task away from an instance that is stopping {by, instanceId, reason, force?}.',
  );
}
