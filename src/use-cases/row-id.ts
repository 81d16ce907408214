import { v5 } from 'uuid';

const HOPPER_NAMESPACE = 'b1f0a3a6-0d6f-5d0c-9d0a-6c1f2c4b7e11';

/** The same task, command and purpose always give the same id, so that a write that runs twice names one row (law 3). */
export function rowId(taskId: string, commandId: string, purpose: string): string {
  return v5(`${taskId}/${commandId}/${purpose}`, HOPPER_NAMESPACE);
}
