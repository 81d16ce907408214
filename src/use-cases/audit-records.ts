import { isDeepStrictEqual } from 'node:util';
import type { Sequelize, Transaction } from 'sequelize';
import type { Finding } from '../domain/audit/finding.ts';
import { RECORD_CHECKS, findingsOf } from '../persistence/queries/audit.query.ts';
import type { Reads } from '../persistence/queries/reads.ts';
import type { RecordedTask } from '../persistence/queries/recorded-tasks.query.ts';
import { readSnapshot } from '../persistence/read-snapshot.ts';
import { replayTask } from './replay-task.ts';

/** What the records alone say: how many tasks there are, and every promise that they break. */
export interface RecordAudit {
  readonly tasks: number;
  readonly findings: readonly Finding[];
}

export type AuditRecords = (limit: number) => Promise<RecordAudit>;

const PAGE = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Looks at every record as it stands at one moment, without a lock, and names at most `limit` findings of each check. */
export function createAuditRecords(database: Sequelize, reads: Pick<Reads, 'recordedTasks'>): AuditRecords {
  return (limit) =>
    readSnapshot(database, async (transaction) => {
      await database.query('SET LOCAL statement_timeout = 0', { transaction }); // the larger, the longer it takes
      const findings: Finding[] = [];
      for (const check of RECORD_CHECKS) findings.push(...(await findingsOf(database, transaction, check, limit)));
      const replayed = await replayAll(reads, transaction, limit);
      return { tasks: replayed.tasks, findings: [...findings, ...replayed.findings] };
    });
}

async function replayAll(
  reads: Pick<Reads, 'recordedTasks'>,
  transaction: Transaction,
  limit: number,
): Promise<RecordAudit> {
  const findings: Finding[] = [];
  let tasks = 0;
  for (let after = FIRST_ID; ;) {
    const page = await reads.recordedTasks(transaction, { after, limit: PAGE });
    tasks += page.length;
    for (const recorded of page) {
      const detail = differenceOf(recorded);
      if (detail !== null && findings.length < limit)
        findings.push({ check: 'replay', taskId: recorded.task.id, instanceId: null, detail });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return { tasks, findings };
    after = last.task.id;
  }
}

/** The first thing in which the rows of a task are not what its events make of them (rule E2). */
function differenceOf({ task, delegations, events }: RecordedTask): string | null {
  const replayed = replayTask(events);
  const field = differingField(task, replayed.task);
  if (field !== null) return `${field} is not what its events make of it`;
  if (delegations.length !== replayed.delegations.length) {
    return `has ${String(delegations.length)} hops, and its events make ${String(replayed.delegations.length)}`;
  }
  for (const [index, delegation] of delegations.entries()) {
    const differing = differingField(delegation, replayed.delegations[index] ?? {});
    if (differing !== null) return `${differing} of hop ${String(delegation.hop)} is not what its events make of it`;
  }
  return null;
}

function differingField(row: object, replayed: Readonly<Record<string, unknown>>): string | null {
  const found = Object.entries(row).find(([field, value]) => !isDeepStrictEqual(value, replayed[field]));
  return found?.[0] ?? null;
}
