import type { Client } from '@temporalio/client';
import type { ParsePolicy } from '../domain/policy.ts';
import type { Reads } from '../persistence/queries/reads.ts';
import { createAdmitTask } from '../use-cases/admit-task.ts';
import { createMoveInstance, createPatchInstance } from '../use-cases/change-instance.ts';
import { createCreateInstance } from '../use-cases/create-instance.ts';
import { createExplainTask } from '../use-cases/explain-task.ts';
import { createJudgeNow } from '../use-cases/judge-now.ts';
import { createPatchTask } from '../use-cases/patch-task.ts';
import { createPreviewRoute } from '../use-cases/preview-route.ts';
import type { Ports } from '../use-cases/ports.ts';
import { createDeleteInstance } from '../use-cases/delete-instance.ts';
import { createDelegationService } from './delegation.service.ts';
import { createDrainGateway } from './drain-gateway.ts';
import type { HopperService } from './hopper-service.ts';
import { createInstanceService } from './instance.service.ts';
import { createOrderTask } from './ordering.ts';
import { createPolicyService } from './policy.service.ts';
import { createReadiness } from './readiness.ts';
import { createRouteService } from './route.service.ts';
import { createTaskGateway } from './task-gateway.ts';
import { createTaskService } from './task.service.ts';

export interface ServiceNeeds {
  readonly ports: Ports;
  readonly reads: Reads;
  readonly client: Client;
  readonly taskQueue: string;
  readonly parsePolicy: ParsePolicy;
}

/** The one door behind every transport: task commands go to Temporal, the rest to the database. */
export function createService({ ports, reads, client, taskQueue, parsePolicy }: ServiceNeeds): HopperService {
  const { repositories } = ports;
  const gateway = createTaskGateway(client, taskQueue);
  const orderTask = createOrderTask({
    gateway,
    judgeNow: createJudgeNow(ports),
    delegations: repositories.delegations,
  });
  const [admitTask, patchTask] = [createAdmitTask(ports), createPatchTask(ports)];
  const explainTask = createExplainTask(ports);
  const [createInstance, moveInstance] = [createCreateInstance(ports), createMoveInstance(ports)];
  const [patchInstance, deleteInstance] = [createPatchInstance(ports), createDeleteInstance(ports)];
  const drains = createDrainGateway(client, taskQueue);
  return {
    tasks: createTaskService({ gateway, orderTask, repositories, reads, admitTask, patchTask, explainTask }),
    delegations: createDelegationService(repositories, orderTask),
    instances: createInstanceService({
      ...{ repositories, reads, drains },
      ...{ createInstance, moveInstance, patchInstance, deleteInstance },
    }),
    policy: createPolicyService({ ports, parsePolicy }),
    routes: createRouteService(createPreviewRoute(ports)),
    readiness: createReadiness(reads, gateway),
  };
}
