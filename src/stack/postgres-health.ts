import pg from 'pg';

const ABSENT = '3D000';
const ALREADY_THERE = ['42P04', '23505'];

/** Resolves when the database answers a query; creates it first if the server does not have it. */
export async function ensureDatabase(urlOf: (database: string) => string, database: string): Promise<void> {
  try {
    await query(urlOf(database), 'SELECT 1');
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== ABSENT) throw error;
    await create(urlOf('postgres'), database);
    await query(urlOf(database), 'SELECT 1');
  }
}

/** Runs one statement on a connection of its own. */
export async function query(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  // Without a listener a server that goes away would end this process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function create(url: string, database: string): Promise<void> {
  try {
    await query(url, `CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !ALREADY_THERE.includes(error.code ?? '')) throw error;
  }
}
