import { once } from 'node:events';
import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkExternalTemporal } from '../../src/stack/external.ts';
import { Leftovers, refusal } from './setup.ts';

const leftovers = new Leftovers();
afterEach(() => leftovers.clear());

const EMPTY_MESSAGE = Buffer.alloc(5);
const TLS_HANDSHAKE = 0x16;

async function addressOf(server: Pick<Server, 'listen' | 'address' | 'close' | 'once'>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server as Server, 'listening');
  leftovers.add(() => server.close());
  return `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

function environment(variables: Record<string, string>): void {
  Object.assign(process.env, variables);
  leftovers.add(() => {
    for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
  });
}

describe('checkExternalTemporal', () => {
  it('shows the API key', async () => {
    const keys: unknown[] = [];
    const server = createHttp2Server();
    server.on('stream', (stream, { authorization }) => {
      keys.push(authorization);
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.once('wantTrailers', () => {
        stream.sendTrailers({ 'grpc-status': '0' });
      });
      stream.end(EMPTY_MESSAGE);
    });
    environment({ TEMPORAL_API_KEY: 'k3y', TEMPORAL_TLS: 'false' });
    await checkExternalTemporal(await addressOf(server), 'default');
    expect(new Set(keys)).toEqual(new Set(['Bearer k3y']));
  });

  it('speaks TLS where the environment asks for it, and does not tell the key', async () => {
    const first: (number | undefined)[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => {
        first.push(bytes[0]);
        socket.destroy();
      });
    });
    environment({ TEMPORAL_API_KEY: 'k3y' });
    const { code, message, hint } = await refusal(checkExternalTemporal(await addressOf(server), 'default'));
    expect(code).toBe('temporal_unreachable');
    expect(`${message} ${hint}`).not.toContain('k3y');
    expect(new Set(first)).toEqual(new Set([TLS_HANDSHAKE]));
  });

  it('names a certificate that cannot be read', async () => {
    environment({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/ca.pem' });
    const { code, message } = await refusal(checkExternalTemporal('127.0.0.1:1', 'default'));
    expect([code, message]).toEqual(['temporal_unreachable', expect.stringContaining('/nowhere/ca.pem')]);
  });
});
