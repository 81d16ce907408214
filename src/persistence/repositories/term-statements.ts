export const DELETE_TERMS = 'DELETE FROM instance_terms WHERE instance_id = $1';

/** What a child is found by: its labels ($2), and the words of its row, each with its rank. A root is no child. */
export const INSERT_TERMS = `
  INSERT INTO instance_terms (instance_id, kind, term, parent_id, score)
  SELECT id, 'label'::termkind, label, parent_id, 1 FROM hopper_instances, unnest($2::text[]) label
  WHERE id = $1 AND parent_id IS NOT NULL
  UNION ALL
  SELECT id, 'word', lexeme, parent_id, round(ts_rank(search, ('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery)::numeric * 1000000)
  FROM hopper_instances, unnest(search) WHERE id = $1 AND parent_id IS NOT NULL`;
