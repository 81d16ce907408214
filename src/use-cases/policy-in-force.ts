import type { Transaction } from 'sequelize';
import { DomainError } from '../domain/errors.ts';
import type { KeptPolicy } from '../domain/kept-policy.ts';
import type { LoadedPolicy } from '../domain/policy.ts';
import { type Policy, PolicySchema } from '../domain/policy.schema.ts';
import type { BehaviorFactory } from '../domain/scopes/behavior-factory.ts';
import type { PolicyInForce, Ports } from './ports.ts';
import { createPublishPolicy } from './publish-policy.ts';

export interface PolicySource {
  readonly database: Ports['database'];
  readonly repositories: Pick<Ports['repositories'], 'policies'>;
  /** The policy of this process's own file, in force where nothing was published yet. */
  readonly load: () => LoadedPolicy;
  /** Who that file belongs to, for the record. */
  readonly owner: string;
  readonly behaviorsOf: (policy: Policy) => Promise<BehaviorFactory>;
}

const CACHED = 4;

/** Asks the database which policy is in force each time, so that all processes decide by the same one (rule Y4). */
export function createPolicyInForce(source: PolicySource): Ports['policyInForce'] {
  const { policies } = source.repositories;
  const cache = new Map<string, PolicyInForce>();
  const publishOwn = once(() => publishOwnPolicy(source));
  return async (transaction, known) => {
    const published = known === undefined ? await policies.inForceHash(transaction) : known;
    const hash = published ?? (await publishOwn());
    const cached = cache.get(hash);
    if (cached !== undefined) return cached;
    const loaded = await loadByHash(source, transaction, hash);
    const [oldest] = cache.keys();
    if (cache.size >= CACHED && oldest !== undefined) cache.delete(oldest);
    cache.set(hash, loaded);
    return loaded;
  };
}

/** In a transaction of its own: the one of a decision must not hold the lock of publications. */
async function publishOwnPolicy({ load, owner, ...source }: PolicySource): Promise<string> {
  const { inForce } = await createPublishPolicy(source)(ownPolicy(load), { by: owner, when: 'first' });
  return inForce;
}

function ownPolicy(load: PolicySource['load']): LoadedPolicy {
  try {
    return load();
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    const message = `no policy is published yet, and the file of this process is refused: ${cause.message}`;
    throw new DomainError('policy_unreadable', message, { problems: cause.problems, cause });
  }
}

async function loadByHash(
  { repositories, behaviorsOf }: PolicySource,
  transaction: Transaction | null,
  hash: string,
): Promise<PolicyInForce> {
  const kept = await repositories.policies.get(transaction, hash);
  if (kept === null) throw new TypeError(`no policy ${hash}, though it is in force`);
  const policy = readKept(kept);
  return { policy, hash, behaviors: await behaviorsOf(policy) };
}

/** A policy that a newer version has published may have keys that this one does not know. */
function readKept({ hash, policy }: KeptPolicy): Policy {
  const parsed = PolicySchema.safeParse(policy);
  if (parsed.success) return Object.freeze(parsed.data);
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const words = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  const detail = `this version of Hopper cannot read the policy in force, ${hash}: ${words}`;
  throw new DomainError('policy_unreadable', detail, { problems, cause: parsed.error });
}

/** Callers that come while one is under way share its answer. */
function once<Answer>(work: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<Answer> | null = null;
  return () => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
}
