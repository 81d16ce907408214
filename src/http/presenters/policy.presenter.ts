import type { CurrentPolicy, KeptPolicy } from '../../domain/kept-policy.ts';
import type { KeptPolicyResponse, PolicyResponse } from '../../domain/published-policy.schema.ts';
import { time } from './time.ts';

export function presentPolicy({
  hash,
  text,
  policy,
  publishedAt,
  publishedBy,
  refused,
}: CurrentPolicy): PolicyResponse {
  return {
    hash,
    text,
    policy,
    published_at: time(publishedAt),
    published_by: publishedBy,
    refused: refused === null ? null : { at: time(refused.at), by: refused.by, problem: refused.problem },
  };
}

export function presentKeptPolicy({ hash, text, policy, firstPublishedAt }: KeptPolicy): KeptPolicyResponse {
  return { hash, text, policy, first_published_at: time(firstPublishedAt) };
}
