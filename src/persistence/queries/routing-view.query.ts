import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { normalizeLabel } from '../../domain/scopes/ranking.ts';
import type { InstanceStatus } from '../../domain/instance.ts';
import type { Candidate } from '../../domain/scopes/scope-behavior.ts';
import type { Named } from '../../domain/scopes/rules.ts';

/** How many candidates per criterion a decision looks at. */
const SHORTLIST = 50;

/** The children of an instance, as a behaviour may see them. */
export interface ChildrenView {
  readonly candidates: readonly Candidate[];
  readonly named: readonly Candidate[];
  readonly passedOver: readonly { readonly id: string; readonly name: string; readonly status: InstanceStatus }[];
  readonly running: number;
  readonly excluded: number;
  readonly postponed: number;
  readonly liveChildren: number;
  readonly existingChildren: number;
}

/** Whose children, and what of the task they are judged by. */
export interface ChildrenAsk {
  readonly instanceId: string;
  readonly tags: readonly string[];
  /** The words of the task's text, empty where no keywords are looked at. */
  readonly words: string;
  readonly matchers: readonly ('tags' | 'keywords')[];
  readonly excluded: readonly string[];
  readonly postponed: readonly string[];
  readonly named: Named | null;
}

/** Running children that are not excluded, with what they are judged by: the task's tags ($2) and words ($4). */
const ELIGIBLE = `
  WITH wanted AS (
    SELECT coalesce(string_agg(quote_literal(lexeme), ' | '), '')::tsquery AS query, array_agg(lexeme) AS lexemes
    FROM unnest(to_tsvector('english', $4))
  ), eligible AS (
    SELECT c.id, c.name, coalesce(c.config -> 'capabilities', '[]') AS capabilities,
      (SELECT count(DISTINCT lower(btrim(cap)))::int
        FROM jsonb_array_elements_text(coalesce(c.config -> 'capabilities', '[]')) cap
        WHERE lower(btrim(cap)) = ANY ($2::text[])) AS matches,
      round(ts_rank(c.search, wanted.query)::numeric, 6)::float8 AS "keywordScore",
      ARRAY(SELECT lexeme FROM unnest(c.search) WHERE lexeme = ANY (wanted.lexemes) ORDER BY lexeme) AS "matchedWords",
      (SELECT count(*)::int FROM tasks t WHERE t.instance_id = c.id AND t.status IN ('queued', 'in_progress'))
        + (SELECT count(*)::int FROM task_delegations d WHERE d.target_instance_id = c.id AND d.status = 'pending') AS busy,
      (SELECT max(d.delegated_at) FROM task_delegations d WHERE d.target_instance_id = c.id) AS offered
    FROM hopper_instances c, wanted
    WHERE c.parent_id = $1 AND c.status = 'running' AND c.id <> ALL ($3::uuid[]) AND c.id <> ALL ($6::uuid[])
  )`;

const SHOWN = `id, name, capabilities, busy, "keywordScore", "matchedWords",
    (extract(epoch FROM offered) * 1000)::float8 AS "lastOfferAt"`;

const SHORTLISTED = `${ELIGIBLE}, ranked AS (
    SELECT *, row_number() OVER (ORDER BY matches DESC, busy, offered NULLS FIRST, id) AS by_tags,
      row_number() OVER (ORDER BY "keywordScore" DESC, busy, offered NULLS FIRST, id) AS by_words,
      row_number() OVER (ORDER BY busy, offered NULLS FIRST, id) AS by_busy,
      row_number() OVER (ORDER BY offered NULLS FIRST, id) AS by_turn
    FROM eligible
  )
  SELECT ${SHOWN} FROM ranked WHERE by_tags <= $5 OR by_words <= $5 OR by_busy <= $5 OR by_turn <= $5 ORDER BY by_tags`;

const NAMED = `${ELIGIBLE}
  SELECT ${SHOWN} FROM eligible WHERE CASE $7::text WHEN 'id' THEN id::text = $8 WHEN 'name' THEN lower(btrim(name)) = $8
    WHEN 'capability' THEN $8 IN (SELECT lower(btrim(cap)) FROM jsonb_array_elements_text(capabilities) cap) ELSE false END
  ORDER BY busy, offered NULLS FIRST, id LIMIT $5`;

const PASSED_OVER = `
  SELECT id, name, status FROM hopper_instances
  WHERE parent_id = $1 AND status <> 'terminated'
    AND (status <> 'running' OR id = ANY ($3::uuid[]) OR id = ANY ($6::uuid[]))
  ORDER BY name LIMIT $5`;

const COUNTED = `
  SELECT count(*) FILTER (WHERE status = 'running' AND id <> ALL ($3::uuid[]) AND id <> ALL ($6::uuid[]))::int AS running,
    count(*) FILTER (WHERE status = 'running' AND id = ANY ($6::uuid[]))::int AS postponed,
    count(*) FILTER (WHERE id = ANY ($3::uuid[]))::int AS excluded,
    count(*) FILTER (WHERE status IN ('starting', 'running', 'paused', 'stopping'))::int AS "liveChildren",
    count(*) FILTER (WHERE status <> 'terminated')::int AS "existingChildren"
  FROM hopper_instances WHERE parent_id = $1`;

const VIEWED = `
  SELECT (SELECT coalesce(json_agg(shown), '[]') FROM (${SHORTLISTED}) shown) AS candidates,
    (SELECT coalesce(json_agg(named), '[]') FROM (${NAMED}) named) AS named,
    (SELECT coalesce(json_agg(passed), '[]') FROM (${PASSED_OVER}) passed) AS "passedOver", counted.*
  FROM (${COUNTED}) counted`;

/** Loads the shortlist and the counts in one statement: a child that appears in between must not be in one of them only. */
export async function childrenView(
  sequelize: Sequelize,
  transaction: Transaction | null,
  ask: ChildrenAsk,
): Promise<ChildrenView> {
  const by = ask.named?.by ?? '';
  const value = by === 'id' ? ask.named?.value : normalizeLabel(ask.named?.value ?? '');
  const bind = [
    ask.instanceId,
    ask.tags.map(normalizeLabel),
    ask.excluded,
    ask.words,
    SHORTLIST,
    ask.postponed,
    by,
    value,
  ];
  const [view] = await sequelize.query<ChildrenView>(VIEWED, { bind, transaction, type: QueryTypes.SELECT });
  if (view === undefined) throw new TypeError('an aggregate without a row');
  return view;
}

/** The number of tasks that are open directly at an instance (rule P3). */
export async function openTasksAt(
  sequelize: Sequelize,
  transaction: Transaction | null,
  instanceId: string,
): Promise<number> {
  const sql = `SELECT count(*)::int AS open FROM tasks WHERE instance_id = $1 AND status IN ('queued', 'in_progress', 'blocked')`;
  const [row] = await sequelize.query<{ open: number }>(sql, {
    bind: [instanceId],
    transaction,
    type: QueryTypes.SELECT,
  });
  return row?.open ?? 0;
}
