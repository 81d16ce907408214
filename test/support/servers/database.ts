import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { clusterUrl } from './addresses.ts';

export interface FreshDatabase {
  url: string;
  drop: () => Promise<void>;
}

/** An empty database of this test's own; `drop` also ends the connections that a test has left open. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name}`);
  const url = new URL(clusterUrl());
  url.pathname = name;
  return { url: url.href, drop: () => asAdmin(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function asAdmin(statement: string): Promise<void> {
  const client = new Client({ connectionString: clusterUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
