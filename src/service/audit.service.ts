import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { AuditReport } from '../domain/audit/finding.ts';
import { workflowIdOf } from '../domain/task.ts';
import type { AuditRecords } from '../use-cases/audit-records.ts';
import type { AuditWorkflows, WorkflowsToAudit } from '../use-cases/audit-workflows.ts';
import type { AuditService } from './hopper-service.ts';
import { openWorkflows } from './open-workflows.ts';

/** So many findings of each check are named. */
const MOST_NAMED = 100;

export interface AuditServiceNeeds {
  readonly auditRecords: AuditRecords;
  readonly auditWorkflows: AuditWorkflows;
}

/** Holds Hopper's promises against its records and against Temporal; changes nothing. */
export function createAuditService({ auditRecords, auditWorkflows }: AuditServiceNeeds): AuditService {
  return {
    async run(): Promise<AuditReport> {
      const { tasks, findings } = await auditRecords(MOST_NAMED);
      return { tasks, findings: [...findings, ...(await auditWorkflows(MOST_NAMED))] };
    },
  };
}

/** The workflows of one deployment, as an audit asks for them. */
export function workflowsToAudit(client: Client, taskQueue: string): WorkflowsToAudit {
  return {
    listOpen: () => openWorkflows(client, taskQueue),

    async isOpen(taskId) {
      try {
        const { status } = await client.workflow.getHandle(workflowIdOf(taskId)).describe();
        return status.name === 'RUNNING' || status.name === 'PAUSED';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
}
