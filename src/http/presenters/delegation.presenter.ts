import type { ChainLink, DelegationChain } from '../../domain/chain.ts';
import type { Delegation } from '../../domain/delegation.ts';
import type {
  ChainLinkResponse,
  DelegationChainResponse,
  TaskDelegationResponse,
} from '../../domain/delegation.schema.ts';
import { json } from './json.ts';
import { time } from './time.ts';

export function presentDelegation(delegation: Delegation): TaskDelegationResponse {
  return {
    id: delegation.id,
    task_id: delegation.taskId,
    hop: delegation.hop,
    source_instance_id: delegation.sourceInstanceId,
    target_instance_id: delegation.targetInstanceId,
    delegation_type: delegation.delegationType,
    status: delegation.status,
    delegated_at: time(delegation.delegatedAt),
    accepted_at: time(delegation.acceptedAt),
    completed_at: time(delegation.completedAt),
    expires_at: time(delegation.expiresAt),
    decided_by: delegation.decidedBy,
    rejection_code: delegation.rejectionCode,
    result: json(delegation.result),
    notes: delegation.notes,
  };
}

export function presentChain(chain: DelegationChain): DelegationChainResponse {
  return {
    task_id: chain.taskId,
    chain: chain.chain.map(presentLink),
    origin_instance_id: chain.originInstanceId,
    current_instance_id: chain.currentInstanceId,
  };
}

function presentLink(link: ChainLink): ChainLinkResponse {
  return {
    ...presentDelegation(link),
    source_instance: link.sourceInstance,
    target_instance: link.targetInstance,
    reason: link.reason,
  };
}
