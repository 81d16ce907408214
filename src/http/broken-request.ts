import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ProblemResponse } from '../domain/problem.schema.ts';
import { problem } from './problem.ts';

/** Answers what cannot be read as HTTP at all, on the bare connection: no request, no reply, but a problem all the same. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const { status, ...answer } = problemOf(error.code);
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ ...answer, status, title });
  const head = [
    `HTTP/1.1 ${String(status)} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** What came too slowly may be no fault of its sender's (either side was held up): it may be sent again. */
function problemOf(code: string | undefined): ProblemResponse {
  switch (code ?? '') {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem('request_timeout', 'the request did not come to its end in time: repeat it');
    case 'HPE_HEADER_OVERFLOW':
      return { ...problem('invalid_input', 'the headers are too large'), status: 431 };
    default:
      return problem('invalid_input', 'the request is not HTTP');
  }
}
