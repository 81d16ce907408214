import { describe, expect, it } from '@jest/globals';
import { watchHeldTasks } from '../../../src/temporal/held-watch.ts';

const task = (id: string) => ({ id, title: id, step: 1 });

/** Runs the watch over these tasks until it has asked for the marker so often. */
async function watched(markers: readonly string[], release: (id: string, turn: number) => void) {
  const [released, problems]: [string[], unknown[]] = [[], []];
  const stop = new AbortController();
  let asked = 0;
  await watchHeldTasks(
    {
      records: {
        marker: () => {
          asked += 1;
          const marker = markers[asked - 1];
          if (marker === undefined) stop.abort();
          return Promise.resolve(marker ?? '');
        },
        async *pages() {
          yield await Promise.resolve(['a', 'b', 'c', 'd', 'e'].map(task));
          yield [task('f')];
        },
        wouldRoute: (id) => Promise.resolve(id !== 'b'),
      },
      release: async ({ id }) => {
        await Promise.resolve();
        release(id, asked);
        released.push(`${String(asked)}${id}`);
      },
      everyMs: 1,
      onProblem: (error) => void problems.push(error),
    },
    stop.signal,
  );
  return { released, problems };
}

describe('watchHeldTasks', () => {
  it('looks through all pages at the start and after a change, and releases whom somebody would take (rule R9)', async () => {
    const { released, problems } = await watched(['x', 'x', 'y', 'y'], () => undefined);
    expect(released.sort()).toEqual(['1a', '1c', '1d', '1e', '1f', '3a', '3c', '3d', '3e', '3f']);
    expect(problems).toEqual([]);
  });

  it('is not held up by a task that fails, says so, and does the whole again', async () => {
    const { released, problems } = await watched(['x', 'x', 'x'], (id, turn) => {
      if (id === 'a' && turn === 1) throw new Error('Temporal is away');
    });
    expect(released.sort()).toEqual(['1c', '1d', '1e', '1f', '2a', '2c', '2d', '2e', '2f']);
    expect(problems).toEqual([expect.objectContaining({ message: expect.stringContaining('1 held tasks') })]);
  });
});
