import { HOPPER } from '../src/domain/actor.ts';
import { DomainError } from '../src/domain/errors.ts';
import { TaskWorkflowStart } from '../src/domain/task.schema.ts';
import { workflowIdOf } from '../src/domain/task.ts';
import type { AdmitTask } from '../src/use-cases/admit-task.ts';
import { refusing } from './failing.ts';

export interface AdmissionAsk {
  readonly workflowId: string;
  readonly input: unknown;
}

/** Puts a task on record that a Temporal client started by itself; wrong input fails the workflow for good. */
export interface AdmissionActivities {
  admitTask(ask: AdmissionAsk): Promise<void>;
}

export const createAdmissionActivities = (useCases: { readonly admitTask: AdmitTask }): AdmissionActivities => ({
  admitTask: ({ workflowId, input }) =>
    refusing(async () => {
      const parsed = TaskWorkflowStart.safeParse(input);
      if (!parsed.success) {
        const problems = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
        throw new DomainError('invalid_input', 'the workflow input is no task', { problems });
      }
      const { task } = parsed.data;
      if (workflowId !== workflowIdOf(task.id)) {
        const problems = [{ path: 'task.id', message: `must be the end of the workflow id, which is ${workflowId}` }];
        throw new DomainError('invalid_input', 'the workflow id does not fit', { problems });
      }
      await useCases.admitTask(task, HOPPER);
    }),
});
