import { describe, expect, it } from '@jest/globals';
import { BoundedOutput } from '../../../src/cli/work/bounded-output.ts';
import type { ProgramEnd } from '../../../src/cli/work/child-program.ts';
import { verdictOf } from '../../../src/cli/work/program-verdict.ts';

const wrote = (text: string): BoundedOutput => {
  const output = new BoundedOutput(1_000_000, 4_096);
  output.add(Buffer.from(text));
  return output;
};
const ended = (end: {
  code?: number | null;
  signal?: NodeJS.Signals;
  stdout?: string;
  stderr?: string;
}): ProgramEnd => ({
  code: end.code === undefined ? 0 : end.code,
  signal: end.signal ?? null,
  stdout: wrote(end.stdout ?? ''),
  stderr: wrote(end.stderr ?? ''),
});

describe('verdictOf', () => {
  it('completes with the result, and keeps the last words', () => {
    expect(verdictOf(ended({ stdout: '{"a":1}', stderr: 'warning: old\n' }))).toEqual({
      kind: 'completed',
      result: { a: 1 },
      output: 'warning: old',
    });
  });

  it('fails by the exit code, whatever was written', () => {
    expect(verdictOf(ended({ code: 3, stdout: '{"a":1}', stderr: 'oops' }))).toEqual({
      kind: 'failed',
      reason: 'exit code 3',
      output: 'oops',
    });
  });

  it('fails by the signal that ended it', () => {
    expect(verdictOf(ended({ code: null, signal: 'SIGSEGV' }))).toMatchObject({ reason: 'ended by SIGSEGV' });
  });

  it('takes the last words from standard output where standard error has none', () => {
    expect(verdictOf(ended({ code: 1, stdout: 'tests failed\n' })).output).toBe('tests failed');
  });

  it('keeps 20 lines', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${String(index + 1)}`);
    const { output } = verdictOf(ended({ code: 1, stderr: `${lines.join('\n')}\n` }));
    expect(output.split('\n')).toEqual(lines.slice(10));
  });

  it('keeps 4 kB, and no half of a character at the cut', () => {
    const { output } = verdictOf(ended({ code: 1, stderr: '€'.repeat(3_000) }));
    expect(output).toBe('€'.repeat(1_365));
  });

  it('keeps what is no UTF-8 and NUL as a replacement', () => {
    const end = ended({ code: 1 });
    end.stderr.add(Buffer.from([0xff, 0x00, 0x61]));
    expect(verdictOf(end).output).toBe('\ufffd\ufffda');
  });
});
