import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keep, search, startSubject } from './search.ts';

/** So many take about half a minute on a quiet machine; `npm run model` runs as many as you like, each time others. */
const SEQUENCES = 10;
/** The same in every run: what fails here is what was changed. */
const SEED = 31;

describe('Hopper', () => {
  let subject: Awaited<ReturnType<typeof startSubject>>;
  beforeAll(async () => {
    subject = await startSubject();
  });
  afterAll(() => subject.stop());

  it('does and answers what the model says, whatever is asked of it, and in whatever order', async () => {
    const { found, sequences } = await search(subject, { seed: SEED, sequences: SEQUENCES });
    const file = found === null ? null : await keep(found.sequence, `found-${String(SEED)}`);
    if (found !== null) throw new Error(`seed ${String(SEED)}, saved in ${String(file)}\n${found.words}`);
    expect(sequences).toBe(SEQUENCES);
  }, 900_000);
});
