import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { DomainError } from '../domain/errors.ts';

export interface TemporalPlace {
  readonly address: string;
  readonly namespace: string;
}

/** A client that connects at its first call, so that a start does not fail because Temporal is away. */
export function connectClient({ address, namespace }: TemporalPlace): { client: Client; close: () => Promise<void> } {
  const connection = Connection.lazy({ ...fromEnvironment(), address });
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}

/** The connection of a worker; fails if Temporal is away. */
export async function connectWorker({ address }: TemporalPlace): Promise<NativeConnection> {
  const { apiKey, tls } = fromEnvironment();
  const options = {
    address,
    ...(typeof apiKey === 'string' && { apiKey }),
    ...(tls !== undefined && tls !== null && { tls }),
  };
  return NativeConnection.connect(options).catch((cause: unknown): never => {
    throw new DomainError('temporal_unavailable', `Temporal does not answer at ${address}`, { cause });
  });
}

/** Keys and certificates in the way of Temporal's own tools: TEMPORAL_API_KEY, TEMPORAL_TLS_… and the profile file. */
function fromEnvironment(): ConnectionOptions {
  return loadClientConnectConfig().connectionOptions;
}
