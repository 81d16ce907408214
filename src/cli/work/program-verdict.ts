import type { Json } from '../../domain/json.ts';
import type { ProgramEnd } from './child-program.ts';
import { resultOf } from './result-of.ts';
import { lastLines } from './storable-text.ts';

const OUTPUT_LINES = 20;

/** What the end of a COMMAND means for its task; `output` is its last words. */
export type Verdict =
  | { readonly kind: 'completed'; readonly result: Json; readonly output: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly output: string };

/** Exit code 0 and a usable result complete the task, anything else fails the attempt. */
export function verdictOf({ code, signal, stdout, stderr }: ProgramEnd): Verdict {
  const output = lastWords(stderr);
  if (code !== 0) {
    const reason = code === null ? `ended by ${signal ?? 'a signal'}` : `exit code ${String(code)}`;
    return { kind: 'failed', reason, output: output === '' ? lastWords(stdout) : output };
  }
  const read = resultOf(stdout.whole(), stdout.length);
  if (read.kind === 'unusable') return { kind: 'failed', reason: read.reason, output };
  return { kind: 'completed', result: read.result, output };
}

function lastWords(written: ProgramEnd['stderr']): string {
  const tail = written.tail();
  return lastLines(tail, tail.length < written.length, OUTPUT_LINES);
}
