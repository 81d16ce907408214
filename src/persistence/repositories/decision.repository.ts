import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { RecordedDecision } from '../../domain/routing-decision.ts';
import type { Models } from '../models/models.ts';

/** A decision to be stored, with the delegation that carries it out. */
export type DecisionToCreate = RecordedDecision & { readonly delegationId: string | null };

const INSERT = `
  INSERT INTO routing_decisions (id, task_id, step, instance_id, action, target_instance_id, delegation_id, reason,
    strategy, policy_hash, candidates, candidates_left_out, decided_at)
  VALUES ($1, $2, $3, $4, $5::routingaction, $6, $7, $8, $9, $10, $11, $12, $13)`;

const SELECT = `
  SELECT id, task_id AS "taskId", step, instance_id AS "instanceId", action, target_instance_id AS "targetInstanceId",
    reason, strategy, policy_hash AS "policyHash", candidates, candidates_left_out AS "candidatesLeftOut",
    decided_at AS "decidedAt"
  FROM routing_decisions WHERE task_id = $1 ORDER BY step`;

/** What the behaviours answered, written with the delegation that carries it out. */
export class DecisionRepository {
  readonly #sequelize: Sequelize;

  constructor({ sequelize }: Models) {
    this.#sequelize = sequelize;
  }

  async create(transaction: Transaction, decision: DecisionToCreate): Promise<void> {
    const bind: unknown[] = [
      ...[decision.id, decision.taskId, decision.step, decision.instanceId, decision.action],
      ...[decision.targetInstanceId, decision.delegationId, decision.reason, decision.strategy, decision.policyHash],
      ...[JSON.stringify(decision.candidates), decision.candidatesLeftOut, decision.decidedAt],
    ];
    await this.#sequelize.query(INSERT, { bind, transaction });
  }

  async ofTask(taskId: string): Promise<readonly RecordedDecision[]> {
    return this.#sequelize.query<RecordedDecision>(SELECT, { bind: [taskId], type: QueryTypes.SELECT });
  }
}
