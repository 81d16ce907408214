import type { MigrationContext } from '../src/persistence/migration.ts';

/** What a decision ranks by, where it can be found without a look at every child: loads and terms (rules B3 and R6). */
export async function up(run: MigrationContext): Promise<void> {
  await run(LOADS);
  await run(LOADS_OF_ROWS);
  await run(LOADS_INDEXED);
  await run(LOADS_FOLLOW_INSTANCES);
  await run(DELETION_COUNTS_ANEW);
  await run(TERMS);
  await run(TERMS_OF_ROWS);
  await run(TERMS_INDEXED);
  await run(BEST_MATCHES);
  await run(CANDIDATES);
  await run(NAMED_CHILDREN);
  await run(CHILDREN_VIEW);
}

export async function down(run: MigrationContext): Promise<void> {
  await run(`
    DROP FUNCTION hopper_children_view;
    DROP FUNCTION hopper_named_children;
    DROP FUNCTION hopper_candidates;
    DROP FUNCTION hopper_best_matches;
    DROP INDEX ix_hopper_instances_not_running;
    DROP TABLE instance_terms;
    DROP TYPE termkind;
    DROP TRIGGER task_delegations_load_gone ON task_delegations;
    DROP TRIGGER tasks_load_gone ON tasks;
    DROP FUNCTION hopper_delegation_load_gone;
    DROP FUNCTION hopper_task_load_gone;
    DROP FUNCTION hopper_count_load;
    DROP TRIGGER hopper_instances_load ON hopper_instances;
    DROP FUNCTION hopper_instance_load;
    DROP TABLE instance_loads;
  `);
}

/** `busy`: tasks queued or in progress, and pending offers; `direct`: tasks queued, in progress or blocked. */
const LOADS = `
  CREATE TABLE instance_loads (
    instance_id uuid PRIMARY KEY REFERENCES hopper_instances (id) ON DELETE CASCADE,
    parent_id uuid,
    is_running boolean NOT NULL,
    busy integer NOT NULL DEFAULT 0 CHECK (busy >= 0),
    direct integer NOT NULL DEFAULT 0 CHECK (direct >= 0),
    last_offer_at timestamptz
  ) WITH (fillfactor = 70);
`;

const LOADS_OF_ROWS = `
  INSERT INTO instance_loads (instance_id, parent_id, is_running, busy, direct, last_offer_at)
  SELECT i.id, i.parent_id, i.status = 'running', coalesce(t.busy, 0) + coalesce(d.pending, 0), coalesce(t.direct, 0), d.last
  FROM hopper_instances i
  LEFT JOIN (
    SELECT instance_id, count(*) AS direct, count(*) FILTER (WHERE status <> 'blocked') AS busy
    FROM tasks WHERE status IN ('queued', 'in_progress', 'blocked') GROUP BY instance_id
  ) t ON t.instance_id = i.id
  LEFT JOIN (
    SELECT target_instance_id, count(*) FILTER (WHERE status = 'pending') AS pending, max(delegated_at) AS last
    FROM task_delegations GROUP BY target_instance_id
  ) d ON d.target_instance_id = i.id;
`;

const LOADS_INDEXED = `
  CREATE INDEX ix_instance_loads_least_busy
    ON instance_loads (parent_id, busy, last_offer_at NULLS FIRST, instance_id) WHERE is_running;
  CREATE INDEX ix_instance_loads_turns
    ON instance_loads (parent_id, last_offer_at NULLS FIRST, instance_id) WHERE is_running;
`;

/** Every instance has a load from its first moment, which knows whether it runs, also where somebody writes by hand. */
const LOADS_FOLLOW_INSTANCES = `
  CREATE FUNCTION hopper_instance_load() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO instance_loads AS l (instance_id, parent_id, is_running)
    VALUES (NEW.id, NEW.parent_id, NEW.status = 'running')
    ON CONFLICT (instance_id) DO UPDATE SET is_running = excluded.is_running WHERE l.is_running <> excluded.is_running;
    RETURN NULL;
  END $$;
  CREATE TRIGGER hopper_instances_load AFTER INSERT OR UPDATE OF status ON hopper_instances
    FOR EACH ROW EXECUTE FUNCTION hopper_instance_load();
`;

/**
 * A deleted task takes its load along. Deferred to the commit, when every task row is locked that will be, and alone on
 * the table from then on: in whatever order the rows went, nobody who moves a task can wait for the deletion in a circle,
 * and what others have committed is in both, their tasks and their loads.
 */
const DELETION_COUNTS_ANEW = `
  CREATE FUNCTION hopper_count_load(instance uuid) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    LOCK TABLE instance_loads IN SHARE ROW EXCLUSIVE MODE;
    UPDATE instance_loads l SET
      direct = (SELECT count(*) FROM tasks t WHERE t.instance_id = instance AND t.status IN ('queued', 'in_progress', 'blocked')),
      busy = (SELECT count(*) FROM tasks t WHERE t.instance_id = instance AND t.status IN ('queued', 'in_progress'))
        + (SELECT count(*) FROM task_delegations d WHERE d.target_instance_id = instance AND d.status = 'pending'),
      last_offer_at = (SELECT max(d.delegated_at) FROM task_delegations d WHERE d.target_instance_id = instance)
    WHERE l.instance_id = instance;
  END $$;
  CREATE FUNCTION hopper_task_load_gone() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM hopper_count_load(OLD.instance_id); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER tasks_load_gone AFTER DELETE ON tasks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.status IN ('queued', 'in_progress', 'blocked')) EXECUTE FUNCTION hopper_task_load_gone();
  CREATE FUNCTION hopper_delegation_load_gone() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM hopper_count_load(l.instance_id) FROM instance_loads l
    WHERE l.instance_id = OLD.target_instance_id AND (OLD.status = 'pending' OR OLD.delegated_at = l.last_offer_at);
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER task_delegations_load_gone AFTER DELETE ON task_delegations DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION hopper_delegation_load_gone();
`;

/** What a child is found by, with what it counts: a label 1, a word its `ts_rank` in millionths. */
const TERMS = `
  CREATE TYPE termkind AS ENUM ('label', 'word');
  CREATE TABLE instance_terms (
    instance_id uuid NOT NULL REFERENCES hopper_instances (id) ON DELETE CASCADE,
    kind termkind NOT NULL,
    term text NOT NULL,
    parent_id uuid NOT NULL,
    score integer NOT NULL CHECK (score > 0),
    PRIMARY KEY (instance_id, kind, term)
  );
`;

const TERMS_OF_ROWS = `
  INSERT INTO instance_terms (instance_id, kind, term, parent_id, score)
  SELECT DISTINCT i.id, 'label'::termkind, lower(btrim(label, E' \\t\\n\\r\\f\\v')), i.parent_id, 1
  FROM hopper_instances i, jsonb_array_elements_text(coalesce(i.config -> 'capabilities', '[]')) label
  WHERE i.parent_id IS NOT NULL
  UNION ALL
  SELECT i.id, 'word', w.lexeme, i.parent_id, round(ts_rank(i.search, ('''' || replace(replace(w.lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery)::numeric * 1000000)
  FROM hopper_instances i, unnest(i.search) w WHERE i.parent_id IS NOT NULL;
`;

const TERMS_INDEXED = `
  CREATE INDEX ix_instance_terms_best ON instance_terms (parent_id, kind, term, score DESC, instance_id);
  CREATE INDEX ix_hopper_instances_not_running ON hopper_instances (parent_id, name, id)
    WHERE status NOT IN ('running', 'terminated');
`;

/**
 * The best 50 children by the sum of the scores of their terms, then the least busy. Up to 300 postings are all added up.
 * Of more, whoever is not among the best 100 of any term scores bound at most: so where enough of the least busy reach
 * the bound, or enough are above it, nobody else is among the best. Only else all are added up nevertheless.
 */
const BEST_MATCHES = `
  CREATE FUNCTION hopper_best_matches(parent uuid, passed uuid[], wanted termkind, terms text[])
    RETURNS TABLE (instance_id uuid, score bigint) LANGUAGE plpgsql STABLE AS $$
  #variable_conflict use_column
  DECLARE tops uuid[]; bound bigint;
  BEGIN
    IF (SELECT count(*) > 300 FROM (
      SELECT FROM instance_terms t WHERE t.parent_id = parent AND t.kind = wanted AND t.term = ANY (terms) LIMIT 301
    ) some_terms) THEN
      WITH best AS MATERIALIZED (
        SELECT sought.term, top.instance_id, top.score FROM unnest(terms) AS sought (term) CROSS JOIN LATERAL (
          SELECT t.instance_id, t.score FROM instance_terms t
          WHERE t.parent_id = parent AND t.kind = wanted AND t.term = sought.term ORDER BY t.score DESC, t.instance_id LIMIT 100
        ) top
      )
      SELECT ARRAY(SELECT DISTINCT best.instance_id FROM best), coalesce(sum(cut.least), 0) INTO tops, bound
      FROM (SELECT min(best.score) AS least FROM best GROUP BY best.term HAVING count(*) = 100) cut;

      RETURN QUERY
      WITH high AS MATERIALIZED (
        SELECT l.instance_id, l.busy, l.last_offer_at, scored.score
        FROM unnest(tops) AS top (id) JOIN instance_loads l ON l.instance_id = top.id CROSS JOIN LATERAL (
          SELECT sum(t.score) AS score FROM instance_terms t
          WHERE t.instance_id = top.id AND t.kind = wanted AND t.term = ANY (terms)
        ) scored WHERE l.parent_id = parent AND l.is_running AND l.instance_id <> ALL (passed)
      ), walked AS MATERIALIZED (
        SELECT l.instance_id, l.busy, l.last_offer_at, scored.score
        FROM (
          SELECT i.instance_id, i.busy, i.last_offer_at FROM instance_loads i
          WHERE i.parent_id = parent AND i.is_running AND i.instance_id <> ALL (passed)
          ORDER BY i.busy, i.last_offer_at NULLS FIRST, i.instance_id LIMIT 1000
        ) l CROSS JOIN LATERAL (
          SELECT sum(t.score) AS score FROM instance_terms t
          WHERE t.instance_id = l.instance_id AND t.kind = wanted AND t.term = ANY (terms)
        ) scored WHERE scored.score >= bound
        ORDER BY l.busy, l.last_offer_at NULLS FIRST, l.instance_id LIMIT 50
      )
      SELECT each.instance_id, each.score FROM (TABLE high UNION TABLE walked) each
      WHERE (SELECT count(*) FROM walked) = 50 OR (SELECT count(*) FROM high WHERE high.score > bound) >= 50
      ORDER BY each.score DESC, each.busy, each.last_offer_at NULLS FIRST, each.instance_id LIMIT 50;
      IF FOUND THEN RETURN; END IF;
    END IF;

    RETURN QUERY
    SELECT l.instance_id, added.score
    FROM (
      SELECT t.instance_id, sum(t.score) AS score FROM instance_terms t
      WHERE t.parent_id = parent AND t.kind = wanted AND t.term = ANY (terms) GROUP BY t.instance_id
    ) added JOIN instance_loads l ON l.instance_id = added.instance_id
    WHERE l.parent_id = parent AND l.is_running AND l.instance_id <> ALL (passed)
    ORDER BY added.score DESC, l.busy, l.last_offer_at NULLS FIRST, l.instance_id LIMIT 50;
  END $$;
`;

/** Children in the order given, with what they are judged by; the words that fit only where words were looked at. */
const CANDIDATES = `
  CREATE FUNCTION hopper_candidates(ids uuid[], lexemes text[]) RETURNS json LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN coalesce((
      SELECT json_agg(json_build_object('id', i.id, 'name', i.name,
        'capabilities', coalesce(i.config -> 'capabilities', '[]'), 'busy', l.busy,
        'lastOfferAt', (extract(epoch FROM l.last_offer_at) * 1000)::float8,
        'keywordScore', coalesce(fitting.score, 0)::float8 / 1000000, 'matchedWords', coalesce(fitting.words, '{}'))
        ORDER BY chosen.place)
      FROM (SELECT id, min(place) AS place FROM unnest(ids) WITH ORDINALITY AS u (id, place) GROUP BY id) chosen
      JOIN hopper_instances i ON i.id = chosen.id JOIN instance_loads l ON l.instance_id = chosen.id
      CROSS JOIN LATERAL (
        SELECT sum(t.score) AS score, array_agg(t.term ORDER BY t.term) AS words FROM instance_terms t
        WHERE lexemes <> '{}' AND t.instance_id = chosen.id AND t.kind = 'word' AND t.term = ANY (lexemes)
      ) fitting
    ), '[]');
  END $$;
`;

/** The children that a rule's target describes and that may be chosen, the least busy first. */
const NAMED_CHILDREN = `
  CREATE FUNCTION hopper_named_children(parent uuid, passed uuid[], named_by text, named text)
    RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
  BEGIN
    IF named_by = 'capability' THEN
      RETURN ARRAY(SELECT m.instance_id FROM hopper_best_matches(parent, passed, 'label', ARRAY[named]) m);
    END IF;
    RETURN ARRAY(
      SELECT l.instance_id FROM hopper_instances i JOIN instance_loads l ON l.instance_id = i.id
      WHERE named_by = 'name' AND i.status <> 'terminated' AND lower(i.name) = lower(named)
        AND coalesce(i.parent_id, '00000000-0000-0000-0000-000000000000') = parent
        AND l.is_running AND l.instance_id <> ALL (passed)
      UNION ALL
      SELECT l.instance_id FROM instance_loads l
      WHERE l.instance_id = CASE WHEN named_by = 'id' AND pg_input_is_valid(named, 'uuid') THEN named::uuid END
        AND l.parent_id = parent AND l.is_running AND l.instance_id <> ALL (passed));
  END $$;
`;

/**
 * All that a decision sees of the children, in the caller's snapshot. The plans are kept, because to plan took longer than
 * to run, and go by indexes, because right after many inserts the statistics know of none of the rows.
 */
const CHILDREN_VIEW = `
  CREATE FUNCTION hopper_children_view(parent uuid, excluded uuid[], postponed uuid[], matchers text[], tags text[],
    words text, named_by text, named text) RETURNS json LANGUAGE plpgsql STABLE
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off AS $$
  DECLARE
    passed uuid[] := excluded || postponed;
    matcher text;
    lexemes text[] := '{}';
    ids uuid[] := '{}';
  BEGIN
    FOREACH matcher IN ARRAY matchers LOOP
      IF matcher = 'tags' THEN
        ids := ARRAY(SELECT m.instance_id FROM hopper_best_matches(parent, passed, 'label', tags) m);
      ELSE
        lexemes := ARRAY(SELECT lexeme FROM unnest(to_tsvector('english', words)));
        ids := ARRAY(SELECT m.instance_id FROM hopper_best_matches(parent, passed, 'word', lexemes) m);
      END IF;
      EXIT WHEN ids <> '{}';
    END LOOP;
    ids := ids || ARRAY(
      SELECT l.instance_id FROM instance_loads l WHERE l.parent_id = parent AND l.is_running AND l.instance_id <> ALL (passed)
      ORDER BY l.busy, l.last_offer_at NULLS FIRST, l.instance_id LIMIT 50
    ) || ARRAY(
      SELECT l.instance_id FROM instance_loads l WHERE l.parent_id = parent AND l.is_running AND l.instance_id <> ALL (passed)
      ORDER BY l.last_offer_at NULLS FIRST, l.instance_id LIMIT 50
    );
    RETURN (WITH by_status AS MATERIALIZED (
        SELECT i.status, count(*) AS n FROM hopper_instances i WHERE i.parent_id = parent GROUP BY i.status
      ), refusing AS MATERIALIZED (
        SELECT i.id, i.name, i.status, i.id = ANY (excluded) AS is_excluded FROM hopper_instances i
        WHERE i.id = ANY (passed) AND i.parent_id = parent
      ), shown AS (
        SELECT i.id, i.name, i.status FROM (
          (SELECT o.id, o.name, o.status FROM hopper_instances o WHERE o.parent_id = parent
            AND o.status NOT IN ('running', 'terminated') ORDER BY o.name, o.id LIMIT 50)
          UNION SELECT r.id, r.name, r.status FROM refusing r WHERE r.status <> 'terminated'
        ) i ORDER BY i.name, i.id LIMIT 50
      )
      SELECT json_build_object(
        'candidates', hopper_candidates(ids, lexemes),
        'named', hopper_candidates(hopper_named_children(parent, passed, named_by, named), lexemes),
        'running', coalesce(sum(n) FILTER (WHERE status = 'running'), 0)
          - (SELECT count(*) FROM refusing r WHERE r.status = 'running'),
        'excluded', (SELECT count(*) FROM refusing r WHERE r.status = 'running' AND r.is_excluded),
        'postponed', (SELECT count(*) FROM refusing r WHERE r.status = 'running' AND NOT r.is_excluded),
        'liveChildren', coalesce(sum(n) FILTER (WHERE status IN ('starting', 'running', 'paused', 'stopping')), 0),
        'existingChildren', coalesce(sum(n) FILTER (WHERE status <> 'terminated'), 0),
        'passedOver', (SELECT coalesce(json_agg(s ORDER BY s.name, s.id), '[]') FROM shown s),
        'openHere', coalesce((SELECT l.direct FROM instance_loads l WHERE l.instance_id = parent), 0))
      FROM by_status);
  END $$;
`;
