import { randomUUID } from 'node:crypto';
import pg from 'pg';

const TABLES = `
  CREATE TABLE IF NOT EXISTS floor_steps (
    task_id uuid NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (task_id, kind)
  );
  CREATE TABLE IF NOT EXISTS floor_queue (
    task_id uuid PRIMARY KEY,
    queued_at timestamptz NOT NULL DEFAULT now(),
    worker text,
    token uuid,
    claimed_at timestamptz
  );
  CREATE INDEX IF NOT EXISTS floor_queue_open ON floor_queue (queued_at) WHERE worker IS NULL;
`;
const RECORD = 'INSERT INTO floor_steps (task_id, kind, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
const RECORD_PARTS = `INSERT INTO floor_steps (task_id, kind, body)
  SELECT $1, 'part ' || no, $3 FROM generate_series(1, $2::int) AS no ON CONFLICT DO NOTHING`;
const ENQUEUE = 'INSERT INTO floor_queue (task_id) VALUES ($1) ON CONFLICT DO NOTHING';
const CLAIM = `UPDATE floor_queue SET worker = $1, token = $2, claimed_at = now() WHERE task_id = (
    SELECT task_id FROM floor_queue WHERE worker IS NULL ORDER BY queued_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING task_id`;

/** The floor’s own tables, one row for each thing that must not be lost: one prepared statement, and so one commit. */
export class FloorStore {
  readonly #pool: pg.Pool;

  constructor(databaseUrl: string, maxConnections: number) {
    this.#pool = new pg.Pool({ connectionString: databaseUrl, max: maxConnections, application_name: 'floor' });
    this.#pool.on('error', () => undefined); // the query that it breaks says so
  }

  async createTables(): Promise<void> {
    await this.#pool.query(TABLES);
  }

  async record(taskId: string, kind: string, body: object): Promise<void> {
    await this.#pool.query({ name: 'record', text: RECORD, values: [taskId, kind, body] });
  }

  async recordParts(taskId: string, parts: number, body: object): Promise<void> {
    await this.#pool.query({ name: 'parts', text: RECORD_PARTS, values: [taskId, parts, body] });
  }

  async enqueue(taskId: string): Promise<void> {
    await this.#pool.query({ name: 'enqueue', text: ENQUEUE, values: [taskId] });
  }

  /** The oldest task that nobody has yet; null if there is none. */
  async claim(worker: string): Promise<string | null> {
    const values = [worker, randomUUID()];
    const { rows } = await this.#pool.query<{ task_id: string }>({ name: 'claim', text: CLAIM, values });
    return rows[0]?.task_id ?? null;
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}
