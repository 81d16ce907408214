import type { PartIds } from '../persistence/repositories/task.repository.ts';
import { rowId } from './row-id.ts';

/** The ids of the parts that one command makes: the same whenever it is carried out (law 3). */
export function partIdsOf(taskId: string, commandId: string): PartIds {
  return {
    partIdOf: (no) => rowId(taskId, commandId, `part/${String(no)}`),
    delegationIdOf: (partId) => rowId(partId, 'begin', 'delegation'),
  };
}
