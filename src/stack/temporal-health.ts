import { connect } from 'node:net';
import { Connection, type ConnectionOptions } from '@temporalio/client';

/** Resolves when the server answers and has the namespace; fails at once while nothing listens. */
export async function probeTemporal(address: string, namespace: string): Promise<void> {
  await knock(address);
  await checkTemporal({ address, connectTimeout: 5_000 }, namespace);
}

/** Resolves when the server answers and has the namespace. */
export async function checkTemporal(options: ConnectionOptions, namespace: string): Promise<void> {
  const connection = await Connection.connect(options);
  try {
    await connection.withDeadline(Date.now() + 5_000, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } finally {
    await connection.close();
  }
}

/** A gRPC channel that was refused once waits for a second before it tries again; a plain socket does not. */
function knock(address: string): Promise<void> {
  const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), timeout: 1_000 });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
  });
}
