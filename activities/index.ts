import type { TaskUseCases } from '../src/use-cases/use-cases.ts';
import { type AdmissionActivities, createAdmissionActivities } from './admission.ts';
import { type TaskActivities, createTaskActivities } from './task.ts';

export type Activities = AdmissionActivities & TaskActivities;

/** The worker's table of activities. */
export const createActivities = (useCases: TaskUseCases): Activities => ({
  ...createAdmissionActivities(useCases),
  ...createTaskActivities(useCases),
});
