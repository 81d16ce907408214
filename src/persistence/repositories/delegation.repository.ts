import { type Sequelize, type Transaction, literal } from 'sequelize';
import type { DelegationMove, NewDelegation } from '../../domain/change.ts';
import type { ChainLink } from '../../domain/chain.ts';
import type { Delegation, DelegationStatus } from '../../domain/delegation.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Json } from '../../domain/json.ts';
import { type DelegationModel, type DelegationRow, toChainLink, toDelegation } from '../models/delegation.model.ts';
import type { Models } from '../models/models.ts';
import { type Prepared, rowsOf } from '../prepared.ts';
import { MOVE_DELEGATIONS, movesValue, readDelegationSql, readDelegationsOfTaskSql } from './delegation-statements.ts';

/** A delegation to be stored, with its id. */
export type DelegationToCreate = Pick<Delegation, 'id' | 'taskId'> &
  Pick<NewDelegation, 'hop' | 'sourceInstanceId' | 'targetInstanceId'> &
  Partial<Omit<NewDelegation, 'hop' | 'sourceInstanceId' | 'targetInstanceId'>>;

const REASON = literal('(SELECT d.reason FROM routing_decisions d WHERE d.delegation_id = "TaskDelegation"."id")');

/** The specification's repository, with the checks that it forgot: every status change says what it expected. */
export class DelegationRepository {
  readonly #sequelize: Sequelize;
  readonly #model: Models['Delegation'];
  readonly #read: Prepared;
  readonly #readOfTask: Prepared;

  constructor(models: Pick<Models, 'sequelize' | 'Delegation'>) {
    this.#sequelize = models.sequelize;
    this.#model = models.Delegation;
    this.#read = readDelegationSql(models);
    this.#readOfTask = readDelegationsOfTaskSql(models);
  }

  async create(transaction: Transaction, delegation: DelegationToCreate, now: Date): Promise<Delegation> {
    const status = delegation.status ?? 'pending';
    const acceptedAt = status === 'pending' ? null : now;
    const completedAt = status === 'completed' ? now : null;
    const stamps = { delegatedAt: now, createdAt: now, updatedAt: now, acceptedAt, completedAt };
    return toDelegation(await this.#model.create({ ...delegation, ...stamps, status }, { transaction }));
  }

  async getById(transaction: Transaction | null, id: string): Promise<Delegation | null> {
    const [row] = await rowsOf<DelegationRow>(this.#sequelize, transaction, this.#read, [id]);
    return row === undefined ? null : toDelegation(row);
  }

  async getDelegationsForTask(transaction: Transaction | null, taskId: string): Promise<readonly Delegation[]> {
    return (await rowsOf<DelegationRow>(this.#sequelize, transaction, this.#readOfTask, [taskId])).map(toDelegation);
  }

  /** From origin to current location, in hop order, with the instances at both ends (rule D2). */
  async getDelegationChain(transaction: Transaction | null, taskId: string): Promise<readonly ChainLink[]> {
    const rows = await this.#model.findAll({
      where: { taskId },
      order: [['hop', 'ASC']],
      attributes: { include: [[REASON, 'reason']] },
      include: [{ association: 'sourceInstance' }, { association: 'targetInstance' }],
      transaction,
    });
    return rows.map((row) => toChainLink(row, reasonOf(row)));
  }

  async getPendingDelegations(transaction: Transaction | null, instanceId: string): Promise<readonly Delegation[]> {
    const where = { targetInstanceId: instanceId, status: 'pending' as const };
    const rows = await this.#model.findAll({ where, order: [['delegatedAt', 'ASC']], transaction });
    return rows.map(toDelegation);
  }

  accept(transaction: Transaction, id: string, decidedBy: string, now: Date): Promise<Delegation> {
    return this.move(transaction, { id, to: 'accepted', decidedBy }, now);
  }

  reject(transaction: Transaction, id: string, decidedBy: string, reason: string, now: Date): Promise<Delegation> {
    return this.move(transaction, { id, to: 'rejected', decidedBy, notes: reason }, now);
  }

  complete(transaction: Transaction, id: string, result: Json, now: Date): Promise<Delegation> {
    return this.move(transaction, { id, to: 'completed', result }, now);
  }

  /** Compare and set: the new status is written only from one of the statuses that lead to it (rule D1). */
  async move(transaction: Transaction, change: DelegationMove, now: Date): Promise<Delegation> {
    await this.moveAll(transaction, [change], now);
    const moved = await this.getById(transaction, change.id);
    if (moved === null) throw new DomainError('delegation_not_found', `no delegation ${change.id}`);
    return moved;
  }

  /** As `move`, several at once. */
  async moveAll(transaction: Transaction, moves: readonly DelegationMove[], now: Date): Promise<void> {
    if (moves.length === 0) return;
    const rows = await rowsOf<{ id: string }>(this.#sequelize, transaction, MOVE_DELEGATIONS, [movesValue(moves), now]);
    await this.refuseUnmoved(
      transaction,
      moves,
      rows.map(({ id }) => id),
    );
  }

  /** Throws if one of the moves did not find its delegation in a status that leads to where it was to go. */
  async refuseUnmoved(
    transaction: Transaction,
    moves: readonly DelegationMove[],
    moved: readonly string[],
  ): Promise<void> {
    const left = moves.find(({ id }) => !moved.includes(id));
    if (left !== undefined) throw await this.#refusal(transaction, left.id, left.to);
  }

  async #refusal(transaction: Transaction, id: string, to: DelegationStatus): Promise<DomainError> {
    const row = await this.getById(transaction, id);
    if (row === null) return new DomainError('delegation_not_found', `no delegation ${id}`);
    const by = row.decidedBy === null ? '' : `, by ${row.decidedBy}`;
    return new DomainError('delegation_conflict', `delegation is ${row.status}${by}: it cannot become ${to}`);
  }
}

function reasonOf(row: DelegationModel): string | null {
  const reason: unknown = (row as { get(key: string): unknown }).get('reason');
  return typeof reason === 'string' ? reason : null;
}
