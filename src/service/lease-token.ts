import { createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../domain/errors.ts';
import type { Lease } from '../domain/lease.ts';

/** Makes and checks the tokens by which a worker shows that a lease is its own; they are stored nowhere. */
export interface LeaseTokens {
  of(lease: Pick<Lease, 'id' | 'attempt'>): Promise<string>;
  /** Throws where the token is not the one of this lease. */
  check(lease: Pick<Lease, 'id' | 'attempt'>, token: string | undefined): Promise<void>;
}

/** `serverKey` is asked for once it is needed: it may have to come from the database. */
export function createLeaseTokens(serverKey: () => Promise<string>): LeaseTokens {
  const of: LeaseTokens['of'] = async ({ id, attempt }) =>
    createHmac('sha256', await serverKey())
      .update(`${id}/${String(attempt)}`)
      .digest('base64url');
  return {
    of,
    check: async (lease, token) => {
      if (token === undefined || token === '') {
        throw new DomainError('lease_token_wrong', 'send the token of this lease in the header Hopper-Lease-Token');
      }
      const [given, expected] = [Buffer.from(token), Buffer.from(await of(lease))];
      if (given.length === expected.length && timingSafeEqual(given, expected)) return;
      throw new DomainError('lease_token_wrong', 'the header Hopper-Lease-Token has not the token of this lease');
    },
  };
}
