import { createServer } from 'node:net';
import { systemCode } from '../../config/system-code.ts';
import { CliError, EXIT } from '../cli-error.ts';

/** Throws if nothing can listen there; asked before anything is started, so that nothing is left half started. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const error = await new Promise<unknown>((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(null);
      });
    });
  });
  if (error === null) return;
  throw new CliError(EXIT.input, `${whatIsWrong(systemCode(error), host, port)} (HOPPER_HOST, HOPPER_HTTP_PORT)`, {
    cause: error,
  });
}

function whatIsWrong(code: string | null, host: string, port: number): string {
  switch (code ?? '') {
    case 'EADDRINUSE':
      return `port ${String(port)} on ${host} is in use: stop the program that listens there, or choose another port, 0 for any free one`;
    case 'EACCES':
      return `port ${String(port)} may not be used by this user: choose one above 1023`;
    default:
      return `${host} is no address of this machine`;
  }
}
