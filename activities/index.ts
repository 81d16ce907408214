import type { MaintenanceUseCases, TaskUseCases } from '../src/use-cases/use-cases.ts';
import { type AdmissionActivities, createAdmissionActivities } from './admission.ts';
import { type MaintenanceActivities, createMaintenanceActivities } from './maintenance.ts';
import { type TaskActivities, createTaskActivities } from './task.ts';

export type Activities = AdmissionActivities & TaskActivities & MaintenanceActivities;

/** The worker's table of activities. */
export const createActivities = (tasks: TaskUseCases, maintenance: MaintenanceUseCases): Activities => ({
  ...createAdmissionActivities(tasks),
  ...createTaskActivities(tasks),
  ...createMaintenanceActivities(maintenance),
});
