import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type * as output from '../../../src/cli/output.ts';

let createOutput: typeof output.createOutput;

beforeAll(async () => {
  process.env['CI'] = 'true'; // the colours are asked for when the module is loaded
  ({ createOutput } = await import('../../../src/cli/output.ts'));
});

describe('createOutput', () => {
  it('writes to a pipe without colours, also in a CI that has some', () => {
    const pipe = new PassThrough() as unknown as NodeJS.WriteStream; // has no isTTY at all
    const { isTerminal, colours } = createOutput(pipe, pipe, {});
    expect([isTerminal, colours.isColorSupported, colours.bold('held')]).toEqual([false, false, 'held']);
  });
});
