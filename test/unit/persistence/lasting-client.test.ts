import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { openDatabase } from '../../../src/persistence/database.ts';

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const WELCOME = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);
const DISMISSAL = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));

describe('openDatabase', () => {
  it('survives a server that ends a connection in the moment in which it stands', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.concat([WELCOME, DISMISSAL])));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const database = openDatabase(`postgres://hopper@127.0.0.1:${String(port)}/hopper`, { maxConnections: 1 });
    await expect(database.query('SELECT 1')).rejects.toThrow();
    await database.close();
    server.close();
  });
});
