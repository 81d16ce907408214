import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

export interface TemporalPlace {
  readonly address: string;
  readonly namespace: string;
}

/** A client that connects at its first call, so that a start does not fail because Temporal is away. */
export function connectClient({ address, namespace }: TemporalPlace): { client: Client; close: () => Promise<void> } {
  const connection = Connection.lazy({ ...fromEnvironment(), address });
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}

/** Keys and certificates in the way of Temporal's own tools: TEMPORAL_API_KEY, TEMPORAL_TLS_… and the profile file. */
export function fromEnvironment(): ConnectionOptions {
  return loadClientConnectConfig().connectionOptions;
}
