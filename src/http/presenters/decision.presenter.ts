import type { Considered, RecordedDecision } from '../../domain/routing-decision.ts';
import type { DecisionResponse } from '../../domain/routing-decision.schema.ts';
import { time } from './time.ts';

export function presentDecision(decision: RecordedDecision): DecisionResponse {
  return {
    id: decision.id,
    task_id: decision.taskId,
    step: decision.step,
    instance_id: decision.instanceId,
    action: decision.action,
    target_instance_id: decision.targetInstanceId,
    reason: decision.reason,
    strategy: decision.strategy,
    policy_hash: decision.policyHash,
    candidates: decision.candidates.map(presentCandidate),
    candidates_left_out: decision.candidatesLeftOut,
    decided_at: time(decision.decidedAt),
  };
}

export function presentCandidate({
  instanceId,
  name,
  score,
  chosen,
  why,
}: Considered): DecisionResponse['candidates'][number] {
  return { instance_id: instanceId, name, score, chosen, why };
}
