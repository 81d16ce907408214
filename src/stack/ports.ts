import { createServer, type Server } from 'node:net';
import { isErrno, StackError } from './stack-error.ts';

/** Which port a server is to have: exactly this one, or the first free one of these, or any. */
export interface PortWish {
  exactly?: number | undefined;
  preferably?: readonly (number | undefined)[] | undefined;
  /** The environment variable with which a person changes it. */
  variable: string;
}

const ATTEMPTS = 3;

/** Starts something on free ports; where another program was quicker, tries again on others, unless the port was demanded. */
export async function onFreePorts<T>(
  host: string,
  wishes: readonly PortWish[],
  start: (ports: number[]) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(host, wishes);
    try {
      return await start(ports);
    } catch (error) {
      if (attempt === ATTEMPTS || !(await isAnyTaken(host, ports))) throw error;
    }
  }
}

async function isAnyTaken(host: string, ports: readonly number[]): Promise<boolean> {
  for (const port of ports) {
    const server = await listen(host, port);
    if (server === null) return true;
    await close(server);
  }
  return false;
}

async function choosePorts(host: string, wishes: readonly PortWish[]): Promise<number[]> {
  const held: Server[] = [];
  try {
    // All are held until all are chosen, so that no two are the same.
    for (const wish of wishes) held.push(await hold(host, wish));
    return held.map(portOf);
  } finally {
    await Promise.all(held.map(close));
  }
}

async function hold(host: string, { exactly, preferably = [], variable }: PortWish): Promise<Server> {
  const candidates = exactly === undefined ? [...preferably, 0] : [exactly];
  for (const port of candidates) {
    const server = port === undefined ? null : await listen(host, port);
    if (server !== null) return server;
  }
  throw new StackError(
    'port_in_use',
    `port ${String(exactly)} on ${host} is in use`,
    `Stop the program that listens there, or set ${variable} to another port (0 takes any free one).`,
  );
}

function listen(host: string, port: number): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (isErrno(error, 'EADDRINUSE') || isErrno(error, 'EACCES')) resolve(null);
      else
        reject(
          new StackError(
            'start_failed',
            `cannot listen on ${host}: ${error.message}`,
            'Set HOPPER_HOST to an address of this machine.',
            { cause: error },
          ),
        );
    });
    server.listen({ host, port, exclusive: true }, () => {
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
  return address.port;
}
