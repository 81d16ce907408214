import { DomainError } from '../domain/errors.ts';
import type { CurrentPolicy } from '../domain/kept-policy.ts';
import type { LoadedPolicy, ParsePolicy } from '../domain/policy.ts';
import type { Ports } from '../use-cases/ports.ts';
import { digestOf } from './digest.ts';
import type { PolicyService } from './hopper-service.ts';

export interface PolicyServiceNeeds {
  readonly ports: Pick<Ports, 'database' | 'repositories' | 'policyInForce'>;
  readonly parsePolicy: ParsePolicy;
}

const HASH = /^[0-9a-f]{64}$/;

/** The policy of the deployment: what is in force, what was, and a new one (rules Y3 and Y4). */
export function createPolicyService({ ports, parsePolicy }: PolicyServiceNeeds): PolicyService {
  const { database, repositories } = ports;
  const inForce = async (): Promise<CurrentPolicy> => {
    const current = await repositories.policies.current();
    if (current !== null) return current;
    await ports.policyInForce(null);
    const published = await repositories.policies.current();
    if (published === null) throw new TypeError('whoever asks for the policy in force publishes one');
    return published;
  };
  return {
    inForce,

    async get(hash) {
      const kept = HASH.test(hash) ? await repositories.policies.get(null, hash) : null;
      if (kept === null)
        throw new DomainError('policy_not_found', `no policy ${hash}: a hash has 64 hexadecimal digits`);
      return kept;
    },

    async publish(text, { actor, requestId, isKeyed }) {
      const loaded = parsePolicy('text', text);
      requireSameBehaviors(loaded, await repositories.policies.current());
      const commandId = isKeyed === true ? `${actor.name}/${requestId}/${loaded.hash}` : null;
      const { before, isWritten } = await database.transaction((transaction) =>
        repositories.policies.publish(transaction, loaded, { by: actor.name, commandId }),
      );
      return { hash: loaded.hash, previousHash: before, isChanged: isWritten };
    },
  };
}

/** Their paths belong to the machine of the worker: a text from elsewhere cannot name modules. */
function requireSameBehaviors({ policy }: LoadedPolicy, now: CurrentPolicy | null): void {
  const current = now?.policy['behaviors'] ?? {};
  if (digestOf(policy.behaviors) === digestOf(current)) return;
  const message = `behaviors: names modules on the machine of the worker, so it is changed in the file of HOPPER_CONFIG there; a text that is sent has to keep ${JSON.stringify(current)}`;
  throw new DomainError('invalid_policy', 'text is not usable', { problems: [{ path: 'text', message }] });
}
