import { describe, expect, it } from '@jest/globals';
import { resultOf } from '../../../src/cli/work/result-of.ts';

const read = (text: string | Buffer): ReturnType<typeof resultOf> => resultOf(Buffer.from(text), text.length);

describe('resultOf', () => {
  it.each([
    ['a JSON object', '{"ok": true}\n', { ok: true }],
    ['a JSON text', '"done"', 'done'],
    ['a JSON number', ' 42 \n', 42],
    ['null', 'null', null],
    ['JSON after a byte order mark', '\ufeff[1]', [1]],
    ['text', 'all done\nreally\n\n', 'all done\nreally'],
    ['half of a JSON object', '{"ok": ', '{"ok": '],
    ['nothing', '', null],
    ['white space', ' \n\t\n', null],
  ])('takes %s', (_what, text, result) => {
    expect(read(text)).toEqual({ kind: 'result', result });
  });

  it('replaces what cannot be stored in a text', () => {
    expect(read(Buffer.from([0x61, 0xff, 0x00, 0x62]))).toEqual({ kind: 'result', result: 'a\ufffd\ufffdb' });
  });

  it('does not turn JSON that cannot be stored into something else', () => {
    expect(read('{"a": "x\\u0000y"}')).toEqual({ kind: 'unusable', reason: expect.stringMatching(/JSON.*NUL/) });
    expect(read('1e999')).toEqual({ kind: 'unusable', reason: expect.stringMatching(/JSON.*range/) });
    expect(read('['.repeat(70) + ']'.repeat(70))).toEqual({ kind: 'unusable', reason: expect.stringMatching(/deep/) });
  });

  it.each([
    ['65,536 bytes of JSON', 'x'.repeat(65_534), 'result'],
    ['one more', 'x'.repeat(65_535), 'unusable'],
    ['text that is longer as JSON', '"'.repeat(40_000), 'unusable'],
    ['white space around something short', `${' '.repeat(100_000)}1`, 'result'],
  ])('judges %s by the size of its JSON', (_what, text, kind) => {
    expect(read(text).kind).toBe(kind);
  });

  it('names both sizes when it is too much', () => {
    expect(resultOf(null, 10_485_760)).toEqual({
      kind: 'unusable',
      reason: 'it wrote 10485760 bytes to its standard output: a result has at most 65536 bytes of JSON',
    });
  });
});
