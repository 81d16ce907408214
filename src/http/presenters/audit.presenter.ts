import type { AuditResponse } from '../../domain/audit/finding.schema.ts';
import { type AuditReport, CHECKS, type Check } from '../../domain/audit/finding.ts';

export function presentAudit({ tasks, findings }: AuditReport): AuditResponse {
  const checks = Object.entries(CHECKS) as readonly [Check, string][];
  return {
    tasks,
    checks: checks.map(([check, promise]) => ({
      check,
      promise,
      findings: findings.filter((finding) => finding.check === check).length,
    })),
    findings: findings.map(({ check, taskId, instanceId, detail }) => ({
      check,
      task_id: taskId,
      instance_id: instanceId,
      detail,
    })),
  };
}
