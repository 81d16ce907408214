import type { Explanation, WayStep } from '../../domain/explain/explanation.ts';
import type { ExplanationResponse, WayStepResponse } from '../../domain/explain/explanation.schema.ts';
import { presentCandidate } from './decision.presenter.ts';
import { time } from './time.ts';

export function presentExplanation(explanation: Explanation): ExplanationResponse {
  const { where, waitsFor, ended } = explanation;
  return {
    task_id: explanation.taskId,
    title: explanation.title,
    status: explanation.status,
    headline: explanation.headline,
    where: { instance: where.instance, path: [...where.path], since: time(where.since) },
    why: explanation.why.map(presentStep),
    why_left_out: explanation.whyLeftOut,
    waits_for: waitsFor && {
      ...waitsFor,
      since: time(waitsFor.since),
      until: time(waitsFor.until),
      how: [...waitsFor.how],
    },
    not_asked: explanation.notAsked.map(({ instance, why, until }) => ({ instance, why, until: time(until) })),
    ended: ended && {
      status: ended.status,
      by: ended.by,
      at: time(ended.at),
      reason: ended.reason,
      has_result: ended.hasResult,
    },
  };
}

function presentStep(step: WayStep): WayStepResponse {
  return {
    hop: step.hop,
    step: step.step,
    at: time(step.at),
    instance: step.instance,
    action: step.action,
    target: step.target,
    reason: step.reason,
    strategy: step.strategy,
    policy_hash: step.policyHash,
    candidates: step.candidates.map(presentCandidate),
    candidates_left_out: step.candidatesLeftOut,
    outcome: step.outcome,
  };
}
