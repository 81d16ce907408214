import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Sequence } from './command.ts';
import { FAILURES, startSubject } from './search.ts';
import { runSequence } from './sequence.ts';

const files = readdirSync(FAILURES).filter((name) => name.endsWith('.json'));
const saved = files.map((name) => [name, JSON.parse(readFileSync(`${FAILURES}${name}`, 'utf8')) as Sequence] as const);

describe('a sequence that failed once', () => {
  let subject: Awaited<ReturnType<typeof startSubject>>;
  beforeAll(async () => {
    subject = await startSubject();
  });
  afterAll(() => subject.stop());

  it.each(saved)(
    '%s does not fail again',
    async (_name, sequence) => {
      await expect(runSequence(subject, sequence)).resolves.toBeUndefined();
    },
    120_000,
  );
});
