/** A table whose rows belong to one task, and how its keys become those of a copy. */
interface Copied {
  readonly table: string;
  /** The column that holds the task's id. */
  readonly task: string;
  /** Ids of the row's own, or of another copied row. */
  readonly own: readonly string[];
  /** Other columns, and what they become; `o` is the original, `c` the copy. */
  readonly other?: Readonly<Record<string, string>>;
}

/** In this order, for each refers to those before it. */
export const COPIED: readonly Copied[] = [
  { table: 'tasks', task: 'id', own: [], other: { confirmed_step: 'o.step' } },
  { table: 'task_delegations', task: 'task_id', own: ['id'] },
  { table: 'routing_decisions', task: 'task_id', own: ['id', 'delegation_id'] },
  { table: 'task_events', task: 'task_id', own: [], other: { data: 'retold(o.data, c.words, c.new_words)' } },
  { table: 'leases', task: 'task_id', own: ['id'], other: { request_id: 'md5(o.request_id || c.n)' } },
];

/** A column as the catalogue knows it. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** The finished tasks that are copied, one of each instance, with every id and time that their events tell of. */
export const ORIGINALS = `
  CREATE TEMP TABLE originals AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS place, id, ARRAY(
    SELECT id::text UNION SELECT d.id::text FROM task_delegations d WHERE d.task_id = one.id
    UNION SELECT l.id::text FROM leases l WHERE l.task_id = one.id
    UNION SELECT found[1] FROM task_events e, regexp_matches(e.data::text, '${isoTime()}', 'g') found WHERE e.task_id = one.id
  ) AS words
  FROM (SELECT DISTINCT ON (instance_id) id FROM tasks WHERE status = 'completed' ORDER BY instance_id, id) one`;

/** What an event tells, with the words of the copy. */
export const RETOLD = `
  CREATE FUNCTION pg_temp.retold(told jsonb, words text[], new_words text[]) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
  DECLARE text_of text := told::text;
  BEGIN
    FOR at IN 1 .. cardinality(words) LOOP text_of := replace(text_of, words[at], new_words[at]); END LOOP;
    RETURN text_of;
  END $$`;

/** The copies $1 to $2 of $3 in all: the first is the oldest, each is two seconds younger than the one before it. */
export const COPIES = `
  CREATE TEMP TABLE copies ON COMMIT DROP AS
  SELECT n, o.id AS original, made.id, made.shift, o.words, ARRAY(
    SELECT CASE WHEN word = o.id::text THEN made.id::text
      WHEN word ~ '^${isoTime()}$' THEN to_char((word::timestamptz - made.shift) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      ELSE md5(word || n)::uuid::text END
    FROM unnest(o.words) WITH ORDINALITY AS w (word, place) ORDER BY w.place
  ) AS new_words
  FROM (
    SELECT n, age AS shift, uuidv7(-age) AS id
    FROM generate_series($1::int, $2::int) n, LATERAL (SELECT ($3::int - n + 1) * interval '2 s' AS age) aged OFFSET 0
  ) made JOIN originals o ON o.place = made.n % (SELECT count(*) FROM originals)`;

/** Copies the rows of one table for all that is in `copies`; generated columns follow by themselves. */
export function copyOf({ table, task, own, other = {} }: Copied, columns: readonly Column[]): string {
  const become = ({ name, type }: Column): string => {
    if (name === task) return 'c.id';
    if (own.includes(name)) return `md5(o.${name}::text || c.n)::uuid`;
    const otherwise = other[name]?.replace('retold', 'pg_temp.retold');
    return otherwise ?? (type.startsWith('timestamp') ? `o.${name} - c.shift` : `o.${name}`);
  };
  return `
    INSERT INTO ${table} (${columns.map(({ name }) => name).join(', ')})
    SELECT ${columns.map(become).join(', ')} FROM copies c JOIN ${table} o ON o.${task} = c.original ORDER BY c.n`;
}

function isoTime(): string {
  return String.raw`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)`;
}
