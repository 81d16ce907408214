import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type TaskQuery as Query, TaskQuery } from '../../src/domain/task.schema.ts';
import type { InstanceListQuery } from '../../src/persistence/queries/instance-list.query.ts';
import { COMPLEX, aBench, order, plant, plantTree, route, submit } from './setup.ts';

const bench = aBench();

/** Every page of a list, one after the other. */
async function allPages<Item>(
  page: (cursor?: string) => Promise<{ items: readonly Item[]; nextCursor: string | null }>,
): Promise<(readonly Item[])[]> {
  const pages: (readonly Item[])[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page(cursor);
    pages.push(items);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return pages;
}

describe('listTasks', () => {
  const list = (query: Partial<Query>) => bench().reads.listTasks(TaskQuery.parse(query));

  async function setup() {
    const { global, project } = await plantTree(bench());
    const word = randomUUID();
    const ids: string[] = [];
    for (const number of [1, 2, 3, 4, 5])
      ids.push(
        await submit(bench(), global, { title: `${word} ${String(number)}`, tags: [word, `n${String(number)}`] }),
      );
    const found = async (query: Partial<Query>): Promise<string[]> => {
      const { items } = await list({ tag: word, ...query });
      return items.map((each) => each.id);
    };
    return { global, project, word, ids, found };
  }

  it('pages from the newest to the oldest, each task once', async () => {
    const { ids, word } = await setup();
    const pages = await allPages((cursor) => list({ tag: word, limit: 2, ...(cursor !== undefined && { cursor }) }));
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat().map((each) => each.id)).toEqual(ids.toReversed());
  });

  it('pages through the tasks of a tag that very many have', async () => {
    const { global } = await plantTree(bench());
    const word = randomUUID();
    const many = `INSERT INTO tasks (id, title, tags, entry_instance_id, instance_id, created_at)
      SELECT gen_random_uuid(), 'one of many', ARRAY[$1], $2, $2, now() - no * interval '1 second'
      FROM generate_series(1, 1005) AS no`;
    await bench().database.query(many, { bind: [word, global.id] });
    const pages = await allPages((cursor) => list({ tag: word, limit: 200, ...(cursor !== undefined && { cursor }) }));
    expect(pages.map((page) => page.length)).toEqual([200, 200, 200, 200, 200, 5]);
    expect(new Set(pages.flat().map((each) => each.id)).size).toBe(1005);
    const times = pages.flat().map((each) => each.createdAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    await bench().database.query('DELETE FROM tasks WHERE tags @> ARRAY[$1]', { bind: [word] });
  });

  it('has no next page when the last one is full', async () => {
    const { word } = await setup();
    expect((await list({ tag: word, limit: 5 })).nextCursor).toBeNull();
  });

  it('goes on where it was while new tasks come in', async () => {
    const { ids, word, global } = await setup();
    const first = await list({ tag: word, limit: 2 });
    await submit(bench(), global, { tags: [word] });
    const second = await list({ tag: word, limit: 2, cursor: first.nextCursor ?? '' });
    expect(second.items.map((each) => each.id)).toEqual([ids[2], ids[1]]);
  });

  it('filters by status, instance, tag and parent', async () => {
    const { ids, found, global, project } = await setup();
    await route(bench(), ids[0]!);
    await order(bench(), ids[1]!, { kind: 'cancel' });
    const asPart = 'UPDATE tasks SET parent_task_id = $1, part_key = $3, part_no = 0, part_depth = 1 WHERE id = $2';
    await bench().database.query(asPart, { bind: [ids[0], ids[2], 'a'] });
    expect(await found({ status: 'queued' })).toEqual([ids[0]]);
    expect(await found({ status: 'cancelled' })).toEqual([ids[1]]);
    expect(await found({ instance_id: project.id })).toEqual([ids[0]]);
    expect(await found({ instance_id: global.id })).toHaveLength(4);
    expect(await found({ tag: 'n4' })).toContain(ids[3]);
    expect(await found({ parent_task_id: ids[0]! })).toEqual([ids[2]]);
    expect(await found({ status: 'queued', instance_id: global.id })).toEqual([]);
  });

  it('searches title and description, whatever the case, and takes every character literally', async () => {
    const { found, word, global } = await setup();
    const id = await submit(bench(), global, { title: '100% of A_B', description: "O'Brien \\ Größe", tags: [word] });
    for (const q of ['100%', 'a_b', "o'brien", '\\', 'GRÖSSE'.replace('SS', 'ß'), 'brien']) {
      expect(await found({ q })).toEqual([id]);
    }
    for (const q of ['1%0', 'a*b', 'nothing']) expect(await found({ q })).toEqual([]);
  });

  it.each(['x', 'bm90IGFuIGlk', '%%%'])('refuses the cursor %j, which no page gave', async (cursor) => {
    await expect(list({ cursor })).rejects.toMatchObject({ code: 'invalid_input', problems: [{ path: 'cursor' }] });
  });
});

describe('listInstances', () => {
  const list = (query: Partial<InstanceListQuery>) => bench().reads.listInstances({ limit: 50, ...query });

  it('pages Globals first, then by name, each instance once', async () => {
    const { global } = await plantTree(bench());
    for (const name of ['c', 'a', 'b']) await plant(bench(), { scope: 'project', parentId: global.id, name });
    const pages = await allPages((cursor) => list({ parentId: global.id, limit: 2, cursor }));
    const names = pages.flat().map((each) => each.name);
    expect(names).toHaveLength(4);
    expect(names.filter((name) => name.length === 1)).toEqual(['a', 'b', 'c']);
    const { items } = await list({ limit: 200 });
    expect(
      new Set(
        items
          .slice(
            0,
            items.findIndex((each) => each.scope !== 'global'),
          )
          .map((each) => each.scope),
      ),
    ).toEqual(new Set(['global']));
  });

  it('filters by scope, status and parent', async () => {
    const { global, project } = await plantTree(bench());
    const below = { scope: 'orchestration', parentId: project.id } as const;
    const paused = await plant(bench(), { ...below, status: 'paused' });
    const ids = async (query: Partial<InstanceListQuery>) => (await list(query)).items.map((each) => each.id);
    expect(await ids({ parentId: project.id, status: 'paused' })).toEqual([paused.id]);
    expect(await ids({ parentId: project.id, scope: 'project' })).toEqual([]);
    expect(await ids({ parentId: global.id, scope: 'project' })).toEqual([project.id]);
  });
});

describe('subtreeOf', () => {
  it('gives an instance and everything below it, and nothing beside it', async () => {
    const { global, project, orchestration } = await plantTree(bench());
    const ids = async (root: string) => (await bench().reads.subtreeOf(root)).map((each) => each.id).toSorted();
    expect(await ids(global.id)).toEqual([global.id, project.id, orchestration.id].toSorted());
    expect(await ids(orchestration.id)).toEqual([orchestration.id]);
    expect(await ids(randomUUID())).toEqual([]);
  });
});

describe('queueOf', () => {
  it('orders what waits at an instance by priority, then by age, and leaves out what does not wait (rule O2)', async () => {
    const { global, orchestration } = await plantTree(bench());
    const ids = new Map<string, string>();
    for (const [name, priority] of [
      ['old', 'medium'],
      ['low', 'low'],
      ['urgent', 'urgent'],
      ['new', 'medium'],
      ['done', 'urgent'],
      ['high', 'high'],
    ] as const) {
      const id = await submit(bench(), global, { ...COMPLEX, title: name, priority });
      await route(bench(), id);
      ids.set(name, id);
    }
    await order(bench(), ids.get('done')!, { kind: 'cancel' });
    const queue = await bench().reads.queueOf(orchestration.id, 'aging');
    expect(queue.map((each) => each.title)).toEqual(['urgent', 'high', 'old', 'new', 'low']);
    expect(await bench().reads.queueOf(global.id, 'aging')).toEqual([]);
  });
});

describe('inboxOf', () => {
  it('holds the offers and the held tasks of a subtree, the oldest first, and forgets what is decided', async () => {
    const { global, project } = await plantTree(bench(), {
      global: { on_unroutable: 'hold' },
      project: { acceptance: 'manual' },
    });
    const offered = await submit(bench(), global);
    const { offer } = await route(bench(), offered);
    const held = await submit(bench(), global, { metadata: { project_id: randomUUID() } });
    await route(bench(), held);
    const look = async (at: string) =>
      (await bench().reads.inboxOf(at)).map(({ kind, task, instance }) => [kind, task.id, instance.id]);
    expect(await look(global.id)).toEqual([
      ['offer', offered, project.id],
      ['held', held, global.id],
    ]);
    expect(await look(project.id)).toEqual([['offer', offered, project.id]]);
    const [item] = await bench().reads.inboxOf(project.id);
    expect(item?.delegation).toMatchObject({ id: offer?.delegationId, status: 'pending' });
    await order(bench(), offered, { kind: 'accept', delegationId: offer?.delegationId ?? '' });
    await order(bench(), held, { kind: 'cancel' });
    expect(await look(global.id)).toEqual([]);
  });

  it('holds everything if no instance is named', async () => {
    const { global } = await plantTree(bench(), { global: { on_unroutable: 'hold' } });
    const held = await submit(bench(), global, { metadata: { project_id: 7 } });
    await route(bench(), held);
    expect((await bench().reads.inboxOf(null)).map((each) => each.task.id)).toContain(held);
  });
});
