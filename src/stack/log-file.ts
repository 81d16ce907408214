import { chmod, mkdir, open, rename, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

const LIMIT_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 2_000;

/** A server's log, open for appending. */
export interface LogFile {
  path: string;
  fd: number;
  /** The last of what was written since it was opened. */
  tail(): Promise<string>;
  close(): Promise<void>;
}

/** Opens a log file that only its owner may read; one that has grown too big is put aside, over the one before it. */
export async function openLog(path: string): Promise<LogFile> {
  await mkdir(dirname(path), { recursive: true });
  if ((await sizeOf(path)) > LIMIT_BYTES) await rename(path, `${path}.old`);
  const handle = await open(path, 'a', 0o600);
  await chmod(path, 0o600);
  const { size } = await handle.stat();
  return { path, fd: handle.fd, tail: () => readTail(path, size), close: () => closeQuietly(handle) };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size;
}

async function readTail(path: string, from: number): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const start = Math.max(from, (await sizeOf(path)) - TAIL_BYTES);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
    return buffer.toString('utf8', 0, bytesRead).trim();
  } finally {
    await handle.close();
  }
}

async function closeQuietly(handle: FileHandle): Promise<void> {
  await handle.close().catch(() => undefined);
}
