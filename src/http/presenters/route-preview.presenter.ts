import type { PreviewedDecision, RoutePreview } from '../../domain/route-preview.ts';
import type { PreviewedDecisionResponse, RoutePreviewResponse } from '../../domain/route-preview.schema.ts';
import { presentCandidate } from './decision.presenter.ts';
import { time } from './time.ts';

export function presentPreview({ decisions, outcome }: RoutePreview): RoutePreviewResponse {
  const { status, instance, blockedOn, retryAt, failure } = outcome;
  return {
    decisions: decisions.map(presentPreviewed),
    outcome: { status, instance, blocked_on: blockedOn, retry_at: time(retryAt), failure },
  };
}

function presentPreviewed(decision: PreviewedDecision): PreviewedDecisionResponse {
  const { instance, target, creates } = decision;
  return {
    id: null,
    task_id: decision.taskId,
    step: decision.step,
    instance_id: instance.id,
    action: decision.action,
    target_instance_id: target === null ? null : target.id,
    reason: decision.reason,
    strategy: decision.strategy,
    policy_hash: decision.policyHash,
    candidates: decision.candidates.map(presentCandidate),
    candidates_left_out: decision.candidatesLeftOut,
    decided_at: null,
    instance,
    target: target && {
      id: target.id,
      name: target.name,
      scope: target.scope,
      acceptance: target.acceptance,
      acceptance_timeout_seconds: target.acceptanceTimeoutSeconds,
    },
    creates: creates && { ...creates, capabilities: [...creates.capabilities] },
  };
}
