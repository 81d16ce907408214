import { loadClientConnectConfig } from '@temporalio/envconfig';
import { query } from './postgres-health.ts';
import { messageOf, StackError } from './stack-error.ts';
import { checkTemporal } from './temporal-health.ts';

/** Resolves when the PostgreSQL that the person named answers; the error names its address and never its password. */
export async function checkExternalDatabase(databaseUrl: string): Promise<void> {
  const address = addressOf(databaseUrl);
  try {
    await query(databaseUrl, 'SELECT 1');
  } catch (error) {
    throw new StackError(
      'database_unreachable',
      `the database at ${address} does not answer: ${messageOf(error)}`,
      'Check that it runs and that DATABASE_URL is right, or unset DATABASE_URL to use the embedded PostgreSQL.',
      { cause: error },
    );
  }
}

/**
 * Resolves when the Temporal server that the person named answers and has the namespace. Keys and certificates are those of
 * Temporal's own tools: TEMPORAL_API_KEY, TEMPORAL_TLS_… and the profile file.
 */
export async function checkExternalTemporal(address: string, namespace: string): Promise<void> {
  try {
    const { connectionOptions } = loadClientConnectConfig();
    await checkTemporal({ ...connectionOptions, connectTimeout: 5_000, address }, namespace);
  } catch (error) {
    throw new StackError(
      'temporal_unreachable',
      `Temporal at ${address} does not answer for namespace ${namespace}: ${messageOf(error)}`,
      'Check that it runs, that TEMPORAL_ADDRESS and the keys and certificates beside it (TEMPORAL_API_KEY, TEMPORAL_TLS_…) are right and that the namespace exists, or unset TEMPORAL_ADDRESS to use the embedded server.',
      { cause: error },
    );
  }
}

function addressOf(databaseUrl: string): string {
  try {
    const { host, pathname } = new URL(databaseUrl);
    return `${host}${pathname}`;
  } catch (cause) {
    throw new StackError(
      'database_unreachable',
      'DATABASE_URL is not a URL',
      'It looks like postgres://user:password@host:5432/database.',
      { cause },
    );
  }
}
