import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { problem } from './problem.ts';

/** Answers what cannot be read as HTTP at all, on the bare connection: no request, no reply, but a problem all the same. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const status = isTooLarge ? 431 : 400;
  const detail = isTooLarge ? 'the headers are too large' : 'the request is not HTTP';
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ ...problem('invalid_input', detail), status, title });
  const head = [
    `HTTP/1.1 ${String(status)} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
