import { type AdmitTask, createAdmitTask } from './admit-task.ts';
import { type ApplyCommand, createApplyCommand } from './apply-command.ts';
import { type DrainInstance, type OrderLeave, createDrainInstance } from './drain-instance.ts';
import { type FinishDrain, createFinishDrain } from './finish-drain.ts';
import { type JoinParts, createJoinParts } from './join-parts.ts';
import { type FindPartsToStart, createFindPartsToStart } from './parts-to-start.ts';
import type { Ports } from './ports.ts';
import { type PushTask, createPushTask } from './push-task.ts';
import { type Reconcile, type ReconcileNeeds, createReconcile } from './reconcile.ts';
import { type ReadTask, createReadTask } from './read-task.ts';
import { type RouteTask, createRouteTask } from './route-task.ts';

/** What the activities of a task call. */
export interface TaskUseCases {
  readonly admitTask: AdmitTask;
  readonly routeTask: RouteTask;
  readonly applyCommand: ApplyCommand;
  readonly readTask: ReadTask;
  readonly joinParts: JoinParts;
  readonly findPartsToStart: FindPartsToStart;
  readonly pushTask: PushTask;
}

export function createTaskUseCases(ports: Ports): TaskUseCases {
  return {
    admitTask: createAdmitTask(ports),
    routeTask: createRouteTask(ports),
    applyCommand: createApplyCommand(ports),
    readTask: createReadTask(ports),
    joinParts: createJoinParts(ports),
    findPartsToStart: createFindPartsToStart(ports),
    pushTask: createPushTask(ports),
  };
}

/** What the activities call that keep instances and records in order. */
export interface MaintenanceUseCases {
  readonly drainInstance: DrainInstance;
  readonly finishDrain: FinishDrain;
  readonly reconcile: Reconcile;
}

export function createMaintenanceUseCases(
  ports: Ports,
  { orderLeave, ...reconciling }: ReconcileNeeds & { readonly orderLeave: OrderLeave },
): MaintenanceUseCases {
  return {
    drainInstance: createDrainInstance(ports, orderLeave),
    finishDrain: createFinishDrain(ports),
    reconcile: createReconcile(ports, reconciling),
  };
}
