import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { normalizeLabel } from '../../domain/scopes/ranking.ts';
import type { Candidate } from '../../domain/scopes/scope-behavior.ts';

/** How many candidates per criterion a decision looks at. */
const SHORTLIST = 50;

/** The children of an instance, as a behaviour may see them. */
export interface ChildrenView {
  readonly candidates: readonly Candidate[];
  readonly running: number;
  readonly excluded: number;
  readonly liveChildren: number;
  readonly existingChildren: number;
}

/** Whose children, and what of the task they are judged by. */
export interface ChildrenAsk {
  readonly instanceId: string;
  readonly tags: readonly string[];
  /** The words of the task's text, empty where no keywords are looked at. */
  readonly words: string;
  readonly excluded: readonly string[];
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
    WHERE c.parent_id = $1 AND c.status = 'running' AND c.id <> ALL ($3::uuid[])
  )`;

const SHORTLISTED = `${ELIGIBLE}, ranked AS (
    SELECT *, row_number() OVER (ORDER BY matches DESC, busy, offered NULLS FIRST, id) AS by_tags,
      row_number() OVER (ORDER BY "keywordScore" DESC, busy, offered NULLS FIRST, id) AS by_words,
      row_number() OVER (ORDER BY busy, offered NULLS FIRST, id) AS by_busy,
      row_number() OVER (ORDER BY offered NULLS FIRST, id) AS by_turn
    FROM eligible
  )
  SELECT id, name, capabilities, busy, "keywordScore", "matchedWords",
    (extract(epoch FROM offered) * 1000)::float8 AS "lastOfferAt"
  FROM ranked WHERE by_tags <= $5 OR by_words <= $5 OR by_busy <= $5 OR by_turn <= $5 ORDER BY by_tags`;

const COUNTED = `
  SELECT count(*) FILTER (WHERE status = 'running' AND id <> ALL ($3::uuid[]))::int AS running,
    count(*) FILTER (WHERE id = ANY ($3::uuid[]))::int AS excluded,
    count(*) FILTER (WHERE status IN ('starting', 'running', 'paused', 'stopping'))::int AS "liveChildren",
    count(*) FILTER (WHERE status <> 'terminated')::int AS "existingChildren"
  FROM hopper_instances WHERE parent_id = $1`;

const VIEWED = `
  SELECT (SELECT coalesce(json_agg(shown), '[]') FROM (${SHORTLISTED}) shown) AS candidates, counted.*
  FROM (${COUNTED}) counted`;

/** Loads the shortlist and the counts in one statement: a child that appears in between must not be in one of them only. */
export async function childrenView(
  sequelize: Sequelize,
  transaction: Transaction | null,
  ask: ChildrenAsk,
): Promise<ChildrenView> {
  const bind = [ask.instanceId, ask.tags.map(normalizeLabel), ask.excluded, ask.words, SHORTLIST];
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
