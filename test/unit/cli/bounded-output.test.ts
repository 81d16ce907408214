import { describe, expect, it } from '@jest/globals';
import { BoundedOutput } from '../../../src/cli/work/bounded-output.ts';

describe('BoundedOutput', () => {
  const written = (...parts: string[]): BoundedOutput => {
    const output = new BoundedOutput(10, 4);
    for (const part of parts) output.add(Buffer.from(part));
    return output;
  };

  it('keeps all of what is short, its length and its end', () => {
    const output = written('hello', 'world');
    expect([output.whole()?.toString(), output.length, output.tail().toString()]).toEqual(['helloworld', 10, 'orld']);
  });

  it('keeps nothing but length and end of what is above the limit', () => {
    const output = written('hello', 'world', '!');
    expect([output.whole(), output.length, output.tail().toString()]).toEqual([null, 11, 'rld!']);
  });

  it('knows of nothing written', () => {
    const output = written();
    expect([output.whole()?.length, output.length, output.tail().length]).toEqual([0, 0, 0]);
  });

  it('holds little memory, however much comes', () => {
    const output = new BoundedOutput(1_000_000, 4_096);
    const before = process.memoryUsage().arrayBuffers;
    for (let times = 0; times < 2_000; times += 1) output.add(Buffer.alloc(65_536, 'x'));
    expect(output.length).toBe(131_072_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(80_000_000);
    expect(output.tail()).toEqual(Buffer.alloc(4_096, 'x'));
  });
});
