import type { AddressInfo } from 'node:net';
import type { App } from './app.ts';

const PATIENCE_MS = 5_000;

/** An API that can be reached. */
export interface Listening {
  readonly url: string;
  /** Answers what was asked, then closes; connections that only wait do not delay it, and none does for long. */
  close(): Promise<void>;
}

/** Opens the port; port 0 is any free one, and the URL says which. */
export async function listen(app: App, { host, port }: { host: string; port: number }): Promise<Listening> {
  await app.listen({ host, port });
  const address = app.server.address() as AddressInfo; // a listening TCP server has one
  return { url: urlOf(address), close: () => close(app) };
}

/** An API that listens everywhere is reached on this machine by its own name. */
function urlOf({ address, port }: AddressInfo): string {
  const name = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[address] ?? (address.includes(':') ? `[${address}]` : address);
  return `http://${name}:${String(port)}`;
}

async function close(app: App): Promise<void> {
  const giveUp = setTimeout(() => {
    app.server.closeAllConnections();
  }, PATIENCE_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(giveUp);
  }
}
