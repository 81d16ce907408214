import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { ParsePolicy } from '../domain/policy.ts';
import type { Reads } from '../persistence/queries/reads.ts';
import type { LeaseRepository } from '../persistence/repositories/lease.repository.ts';
import { createAuditRecords } from '../use-cases/audit-records.ts';
import { createAuditWorkflows } from '../use-cases/audit-workflows.ts';
import { createAdmitTask } from '../use-cases/admit-task.ts';
import { createMoveInstance, createPatchInstance } from '../use-cases/change-instance.ts';
import { createQuestions } from '../use-cases/ask-question.ts';
import { createClaimTask } from '../use-cases/claim-task.ts';
import { createCreateInstance } from '../use-cases/create-instance.ts';
import { createGiveBack } from '../use-cases/give-back.ts';
import { createExplainTask } from '../use-cases/explain-task.ts';
import { createJudgeNow } from '../use-cases/judge-now.ts';
import { createPatchTask } from '../use-cases/patch-task.ts';
import { createPreviewRoute } from '../use-cases/preview-route.ts';
import type { Ports } from '../use-cases/ports.ts';
import { createRetryTask } from '../use-cases/retry-task.ts';
import { createQueueOrderAt } from '../use-cases/queue-order-at.ts';
import { createDeleteInstance } from '../use-cases/delete-instance.ts';
import { createAuditService, workflowsToAudit } from './audit.service.ts';
import { workAtId } from '../use-cases/work-at.ts';
import { createDelegationService } from './delegation.service.ts';
import { createDrainGateway } from './drain-gateway.ts';
import type { HopperService } from './hopper-service.ts';
import { createInstanceService } from './instance.service.ts';
import { createOrderTask } from './ordering.ts';
import { createLeaseService } from './lease.service.ts';
import { createLeaseTokens } from './lease-token.ts';
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
  /** What lease tokens are signed with; null: the deployment's own key, kept in the database. */
  readonly serverKey: string | null;
}

/** The one door behind every transport: task commands go to Temporal, the rest to the database. */
export function createService({
  ports,
  reads,
  client,
  taskQueue,
  parsePolicy,
  serverKey,
}: ServiceNeeds): HopperService {
  const { repositories } = ports;
  const gateway = createTaskGateway(client, taskQueue);
  const orderTask = createOrderTask({ gateway, judgeNow: createJudgeNow(ports), ...repositories });
  const [admitTask, patchTask] = [createAdmitTask(ports), createPatchTask(ports)];
  const explainTask = createExplainTask(ports);
  const [createInstance, moveInstance] = [createCreateInstance(ports), createMoveInstance(ports)];
  const [claimTask, giveBack, questions] = [createClaimTask(ports), createGiveBack(ports), createQuestions(ports)];
  const tokens = createLeaseTokens(keptKey(serverKey, repositories.leases));
  const [patchInstance, deleteInstance] = [createPatchInstance(ports), createDeleteInstance(ports)];
  const drains = createDrainGateway(client, taskQueue);
  return {
    tasks: createTaskService({
      ...{ gateway, orderTask, repositories, reads, questions },
      ...{ admitTask, patchTask, explainTask, retryTask: createRetryTask(ports) },
    }),
    delegations: createDelegationService(repositories.delegations, orderTask),
    instances: createInstanceService({
      ...{ repositories, reads, drains, queueOrderAt: createQueueOrderAt(ports) },
      workAt: (instanceId) => workAtId(ports, null, instanceId),
      ...{ createInstance, moveInstance, patchInstance, deleteInstance },
    }),
    leases: createLeaseService({ repositories, reads, claimTask, giveBack, questions, orderTask, drains, tokens }),
    policy: createPolicyService({ ports, parsePolicy }),
    audit: createAuditService({
      auditRecords: createAuditRecords(ports.database, reads),
      auditWorkflows: createAuditWorkflows(ports.database, workflowsToAudit(client, taskQueue)),
    }),
    routes: createRouteService(createPreviewRoute(ports)),
    readiness: createReadiness(reads, gateway),
  };
}

const KEY_BYTES = 32;

/** The given key, or the one that all processes on this database share; asked for once. */
function keptKey(given: string | null, leases: LeaseRepository): () => Promise<string> {
  let kept: string | null = given;
  return async () => {
    kept ??= await leases.serverKey(randomBytes(KEY_BYTES).toString('base64url'));
    return kept;
  };
}
