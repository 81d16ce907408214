const AT_ONCE = 8;

/** Does something with each, a few at once. */
export async function inParallel<Each>(all: Iterable<Each>, work: (each: Each) => Promise<void>): Promise<void> {
  const queue = [...all].values();
  const runner = async (): Promise<void> => {
    for (const each of queue) await work(each);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runner));
}
