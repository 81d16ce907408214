import { QueryTypes, type Sequelize } from 'sequelize';
import type { RecordedDecision } from '../../domain/routing-decision.ts';
import type { Models } from '../models/models.ts';

/** A decision to be stored, with the delegation that carries it out. */
export type DecisionToCreate = RecordedDecision & { readonly delegationId: string | null };

const SELECT = `
  SELECT id, task_id AS "taskId", step, instance_id AS "instanceId", action, target_instance_id AS "targetInstanceId",
    reason, strategy, policy_hash AS "policyHash", candidates, candidates_left_out AS "candidatesLeftOut",
    decided_at AS "decidedAt"
  FROM routing_decisions WHERE task_id = $1 ORDER BY step`;

/** The values of a decision, in the order of its columns. */
export function decisionValues(decision: DecisionToCreate): unknown[] {
  return [
    ...[decision.id, decision.taskId, decision.step, decision.instanceId, decision.action],
    ...[decision.targetInstanceId, decision.delegationId, decision.reason, decision.strategy, decision.policyHash],
    ...[JSON.stringify(decision.candidates), decision.candidatesLeftOut, decision.decidedAt],
  ];
}

/** What the behaviours answered; written with the change that carries it out. */
export class DecisionRepository {
  readonly #sequelize: Sequelize;

  constructor({ sequelize }: Models) {
    this.#sequelize = sequelize;
  }

  async ofTask(taskId: string): Promise<readonly RecordedDecision[]> {
    return this.#sequelize.query<RecordedDecision>(SELECT, { bind: [taskId], type: QueryTypes.SELECT });
  }
}
