import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { assertNever } from '../../domain/assert-never.ts';
import type { LoadedPolicy } from '../../domain/policy.ts';
import type { CurrentPolicy, KeptPolicy } from '../../domain/kept-policy.ts';
import type { Models } from '../models/models.ts';
import { prepared, rowsOf } from '../prepared.ts';
import { IN_FORCE_HASH } from './policy-statements.ts';

/** When a publication is written: always, only of a policy that this database has not seen, only where none is in force. */
export type PublishWhen = 'always' | 'new' | 'first';

/** Who publishes, under which command, and when. */
export interface PublishOptions {
  readonly by: string;
  /** Makes a repeat known; null where every repeat is a publication of its own. */
  readonly commandId?: string | null;
  readonly when?: PublishWhen;
}

/** What a publication came to: which policy is in force now, and which one was before it. */
export interface Publication {
  readonly inForce: string;
  readonly before: string | null;
  readonly isWritten: boolean;
}

const LOCK = "SELECT pg_advisory_xact_lock(hashtext('hopper policy'))";

const HASH = prepared(IN_FORCE_HASH);

const STANDING = `
  SELECT (${IN_FORCE_HASH}) AS "inForce",
    coalesce((SELECT problem FROM policy_publications ORDER BY seq DESC LIMIT 1), '') AS "lastProblem",
    EXISTS (SELECT FROM policies WHERE hash = $1) AS "isKnown",
    EXISTS (SELECT FROM policy_publications WHERE command_id = $2) AS "isRepeat"`;

const KEEP = `
  INSERT INTO policies (hash, text, policy) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING`;

const PUBLISH = 'INSERT INTO policy_publications (hash, problem, published_by, command_id) VALUES ($1, $2, $3, $4)';

const KEPT = `
  SELECT hash, text, policy, first_published_at AS "firstPublishedAt" FROM policies WHERE hash = $1`;

const CURRENT = `
  SELECT p.hash, p.text, p.policy, p.first_published_at AS "firstPublishedAt",
    u.published_at AS "publishedAt", u.published_by AS "publishedBy",
    r.problem, r.published_at AS "refusedAt", r.published_by AS "refusedBy"
  FROM policy_publications u JOIN policies p ON p.hash = u.hash
  LEFT JOIN LATERAL (
    SELECT problem, published_at, published_by FROM policy_publications WHERE seq > u.seq ORDER BY seq DESC LIMIT 1
  ) r ON true
  WHERE u.hash IS NOT NULL ORDER BY u.seq DESC LIMIT 1`;

interface Standing {
  readonly inForce: string | null;
  readonly lastProblem: string;
  readonly isKnown: boolean;
  readonly isRepeat: boolean;
}

interface CurrentRow extends KeptPolicy {
  readonly publishedAt: Date;
  readonly publishedBy: string;
  readonly problem: string | null;
  readonly refusedAt: Date;
  readonly refusedBy: string;
}

/** Each policy once by its hash, and the order in which they came into force (rules Y3 and Y4). */
export class PolicyRepository {
  readonly #sequelize: Sequelize;

  constructor({ sequelize }: Pick<Models, 'sequelize'>) {
    this.#sequelize = sequelize;
  }

  async inForceHash(transaction: Transaction | null): Promise<string | null> {
    const [row] = await rowsOf<{ hash: string }>(this.#sequelize, transaction, HASH, []);
    return row?.hash ?? null;
  }

  async get(transaction: Transaction | null, hash: string): Promise<KeptPolicy | null> {
    const [row] = await this.#select<KeptPolicy>(KEPT, [hash], transaction);
    return row ?? null;
  }

  /** What is in force, and the refusal that came after it, if one did. */
  async current(): Promise<CurrentPolicy | null> {
    const [row] = await this.#select<CurrentRow>(CURRENT, [], null);
    if (row === undefined) return null;
    const { problem, refusedAt, refusedBy, ...current } = row;
    return { ...current, refused: problem === null ? null : { at: refusedAt, by: refusedBy, problem } };
  }

  /** Puts a policy into force; what is in force already is written again only after a refusal, which it ends. */
  async publish(transaction: Transaction, loaded: LoadedPolicy, options: PublishOptions): Promise<Publication> {
    const { by, commandId = null, when = 'always' } = options;
    const { hash, text, policy } = loaded;
    const standing = await this.#lock(transaction, hash, commandId);
    const before = standing.inForce;
    if (before !== null && !isWanted(hash, standing, when)) return { inForce: before, before, isWritten: false };
    await this.#run(transaction, KEEP, [hash, text, JSON.stringify(policy)]);
    await this.#run(transaction, PUBLISH, [hash, null, by, commandId]);
    return { inForce: hash, before, isWritten: true };
  }

  /** Remembers that a policy was refused; the same problem twice in a row is written once. */
  async refuse(transaction: Transaction, problem: string, by: string): Promise<void> {
    const { lastProblem } = await this.#lock(transaction, '', null);
    if (lastProblem !== problem) await this.#run(transaction, PUBLISH, [null, problem, by, null]);
  }

  /** The lock is a statement of its own, so that what is read after it is what the one before has written. */
  async #lock(transaction: Transaction, hash: string, commandId: string | null): Promise<Standing> {
    await this.#run(transaction, LOCK, []);
    const [standing] = await this.#select<Standing>(STANDING, [hash, commandId], transaction);
    if (standing === undefined) throw new TypeError('a SELECT without FROM has one row');
    return standing;
  }

  #select<Row extends object>(sql: string, bind: unknown[], transaction: Transaction | null): Promise<Row[]> {
    return this.#sequelize.query<Row>(sql, { bind, type: QueryTypes.SELECT, transaction });
  }

  async #run(transaction: Transaction, sql: string, bind: unknown[]): Promise<void> {
    await this.#sequelize.query(sql, { bind, transaction });
  }
}

/** Whether a publication is to be written where something is in force already. */
function isWanted(hash: string, { inForce, lastProblem, isKnown, isRepeat }: Standing, when: PublishWhen): boolean {
  if (isRepeat) return false;
  const isNews = inForce !== hash || lastProblem !== '';
  switch (when) {
    case 'always':
      return isNews;
    case 'new':
      return !isKnown;
    case 'first':
      return false;
    default:
      return assertNever(when);
  }
}
