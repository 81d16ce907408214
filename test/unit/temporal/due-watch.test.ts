import { describe, expect, it } from '@jest/globals';
import { watchDueTimes } from '../../../src/temporal/due-watch.ts';

/** Runs the watch over these pages, one set for each look; answers who was asked to read again, look by look. */
async function watched(
  looks: readonly (readonly (readonly string[])[])[],
  reread: (id: string) => void = () => undefined,
) {
  const asked: string[][] = [];
  const problems: unknown[] = [];
  const stop = new AbortController();
  await watchDueTimes(
    {
      async *pages() {
        const pages = looks[asked.length];
        if (pages === undefined) stop.abort();
        asked.push([]);
        for (const page of pages ?? []) yield await Promise.resolve(page.map((id) => ({ id })));
      },
      workflows: {
        reread: async (id) => {
          await Promise.resolve();
          reread(id);
          asked.at(-1)?.push(id);
        },
      },
      everyMs: 1,
      onProblem: (error) => void problems.push(error),
    },
    stop.signal,
  );
  return { asked: asked.slice(0, looks.length), problems };
}

describe('watchDueTimes', () => {
  it('makes every overdue task read its row again, over all pages (rule T6)', async () => {
    const crowd = Array.from({ length: 25 }, (_, index) => `a${String(index)}`);
    const { asked, problems } = await watched([[crowd, ['b']]]);
    expect([asked, problems]).toEqual([[[...crowd, 'b']], []]);
  });

  it('does not ask at every look whoever does not hear (law 2)', async () => {
    const { asked } = await watched([[['a']], [['a', 'b']], [['a', 'b']]]);
    expect(asked).toEqual([['a'], ['b'], []]);
  });

  it('says when it cannot look, and looks again', async () => {
    let isAway = true;
    const { asked, problems } = await watched([[['a']], [['b']]], () => {
      if (isAway) {
        isAway = false;
        throw new Error('Temporal is away');
      }
    });
    expect(asked).toEqual([[], ['b']]);
    expect(problems).toEqual([expect.objectContaining({ message: 'Temporal is away' })]);
  });
});
