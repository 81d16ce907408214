import type { TaskUseCases } from '../src/use-cases/use-cases.ts';
import { createAdmissionActivities } from './admission.ts';
import { createTaskActivities } from './task.ts';

/** The worker's table of activities. */
export const createActivities = (useCases: TaskUseCases) => ({
  ...createAdmissionActivities(useCases),
  ...createTaskActivities(useCases),
});
export type Activities = ReturnType<typeof createActivities>;
