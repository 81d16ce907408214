import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { answerBrokenRequest } from '../../../src/http/broken-request.ts';

describe('answerBrokenRequest', () => {
  it.each([
    ['ERR_HTTP_REQUEST_TIMEOUT', 'HTTP/1.1 408 Request Timeout', { status: 408, code: 'request_timeout' }],
    ['HPE_HEADER_OVERFLOW', 'HTTP/1.1 431 Request Header Fields Too Large', { status: 431, code: 'invalid_input' }],
    ['HPE_INVALID_METHOD', 'HTTP/1.1 400 Bad Request', { status: 400, code: 'invalid_input' }],
  ])('says of %s what became of the request: %s', async (code, line, body) => {
    const socket = new PassThrough();
    answerBrokenRequest(Object.assign(new Error(code), { code }), socket as unknown as Socket);
    const [head = '', answer = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toBe(line);
    expect(JSON.parse(answer)).toMatchObject(body);
  });
});
