import { z } from 'zod';
import { HOPPER } from '../src/domain/actor.ts';
import { DomainError } from '../src/domain/errors.ts';
import { workflowIdOf } from '../src/domain/task.ts';
import { TaskStart } from '../src/domain/task.schema.ts';
import type { AdmitTask } from '../src/use-cases/admit-task.ts';
import { refusing } from './failing.ts';

const WorkflowInput = z.strictObject({ task: TaskStart });

export interface AdmissionAsk {
  readonly workflowId: string;
  readonly input: unknown;
}

/** Puts a task on record that a Temporal client started by itself; wrong input fails the workflow for good. */
export const createAdmissionActivities = ({ admitTask }: { readonly admitTask: AdmitTask }) => ({
  admitTask: ({ workflowId, input }: AdmissionAsk): Promise<void> =>
    refusing(async () => {
      const parsed = WorkflowInput.safeParse(input);
      if (!parsed.success) {
        const problems = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
        throw new DomainError('invalid_input', 'the workflow input is no task', { problems });
      }
      const { task } = parsed.data;
      if (workflowId !== workflowIdOf(task.id)) {
        const message = `must be the end of the workflow id, which is ${workflowId}`;
        throw new DomainError('invalid_input', 'the workflow id does not fit', { problems: [{ path: 'task.id', message }] });
      }
      await admitTask(task, HOPPER);
    }),
});
