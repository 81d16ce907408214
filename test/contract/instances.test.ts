import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ADMIN } from '../../src/domain/actor.ts';
import { InstanceCreate } from '../../src/domain/instance.schema.ts';
import { INSTANCE_STATUSES } from '../../src/domain/instance.ts';
import { createMoveInstance, createPatchInstance } from '../../src/use-cases/change-instance.ts';
import { createCreateInstance } from '../../src/use-cases/create-instance.ts';
import { anActor } from '../support/builders.ts';
import { aBench, plant, plantTree } from './setup.ts';

const bench = aBench();
const ana = anActor('ana');

async function setup() {
  const tree = await plantTree(bench());
  const create = (fields: object, requestId: string = randomUUID()) =>
    createCreateInstance(bench())(InstanceCreate.parse({ name: randomUUID(), ...fields }), ana, requestId);
  const move = createMoveInstance(bench());
  const patch = createPatchInstance(bench());
  const eventsOf = async (id: string) => (await bench().reads.eventsOfInstance(id)).map((event) => event.type);
  return { ...tree, create, move, patch, eventsOf };
}

describe('createCreateInstance', () => {
  it('makes an instance that is created, not yet running, and says who did it', async () => {
    const { create, global } = await setup();
    const made = await create({ name: 'Billing', scope: 'project', parent_id: global.id, config: { max_retries: 1 } });
    expect(made).toMatchObject({ name: 'Billing', status: 'created', parentId: global.id, config: { max_retries: 1 } });
    expect(await bench().reads.eventsOfInstance(made.id)).toMatchObject([
      { seq: 1, type: 'instance_created', actor: { name: 'ana', role: 'operator' }, data: { name: 'Billing' } },
    ]);
  });

  it('gives the same request again the same instance (rule I2)', async () => {
    const { create, global, eventsOf } = await setup();
    const [fields, request] = [{ name: randomUUID(), scope: 'project', parent_id: global.id }, randomUUID()];
    const made = await create(fields, request);
    expect(await create(fields, request)).toEqual(made);
    await expect(create({ ...fields, name: 'another' }, request)).rejects.toMatchObject({ code: 'instance_conflict' });
    expect(await eventsOf(made.id)).toEqual(['instance_created']);
  });

  it.each(['project', 'global'] as const)(
    'gives the same request for a %s twice at once the same instance (rule I2)',
    async (scope) => {
      const { create, global } = await setup();
      const fields = { name: randomUUID(), scope, ...(scope === 'project' && { parent_id: global.id }) };
      const request = randomUUID();
      const made = await Promise.all(Array.from({ length: 4 }, () => create(fields, request)));
      expect(new Set(made.map((each) => each.id)).size).toBe(1);
    },
  );

  it('refuses a second sibling of that name', async () => {
    const { create, global } = await setup();
    await create({ name: 'Twin', scope: 'project', parent_id: global.id });
    await expect(create({ name: 'twin', scope: 'project', parent_id: global.id })).rejects.toMatchObject({
      code: 'instance_conflict',
      message: 'there is an instance named twin beside it already',
    });
  });

  it.each([
    ['a Global below something', { scope: 'global', parent: 'global' }, 'a global has no parent'],
    ['a project without a parent', { scope: 'project' }, 'a project needs a parent_id'],
    ['a project below a project', { scope: 'project', parent: 'project' }, 'there can be only a orchestration'],
    ['an orchestration below a Global', { scope: 'orchestration', parent: 'global' }, 'there can be only a project'],
    ['anything below an orchestration', { scope: 'project', parent: 'orchestration' }, 'there can be nothing'],
  ] as const)('refuses %s (rule I3)', async (_what, given, words) => {
    const { create, ...tree } = await setup();
    const parent = 'parent' in given ? { parent_id: tree[given.parent].id } : {};
    await expect(create({ scope: given.scope, ...parent })).rejects.toMatchObject({
      code: 'target_not_allowed',
      message: expect.stringContaining(words),
    });
  });

  it('refuses a parent that does not exist or is terminated', async () => {
    const { create } = await setup();
    const gone = await plant(bench(), { status: 'terminated' });
    await expect(create({ scope: 'project', parent_id: randomUUID() })).rejects.toThrow(/names no instance/);
    await expect(create({ scope: 'project', parent_id: gone.id })).rejects.toThrow(/is terminated/);
  });
});

describe('createMoveInstance', () => {
  const ALLOWED = {
    start: ['created', 'stopped', 'error'],
    pause: ['running'],
    resume: ['paused'],
  } as const;
  const ENDS = { start: 'running', pause: 'paused', resume: 'running' } as const;

  it.each(['start', 'pause', 'resume'] as const)(
    'lets %s do what rule I1 allows, and names the state otherwise',
    async (verb) => {
      const { move } = await setup();
      for (const status of INSTANCE_STATUSES) {
        const { id, name } = await plant(bench(), { status });
        if (verb === 'start' && status === 'stopping') continue; // has its own words, below
        const allowed: readonly string[] = [...ALLOWED[verb], ENDS[verb]];
        const moved = move(id, verb, ana);
        if (allowed.includes(status)) expect((await moved).status).toBe(ENDS[verb]);
        else
          await expect(moved).rejects.toMatchObject({
            code: 'instance_conflict',
            message: `${name} is ${status}: it cannot ${verb}`,
          });
      }
    },
  );

  it('lets stop begin what a drain ends, and answers a repeat as it stands (rules I1 and I5)', async () => {
    const { move, eventsOf } = await setup();
    for (const status of INSTANCE_STATUSES) {
      const { id, name } = await plant(bench(), { status });
      const stopped = move(id, 'stop', ana);
      if (status === 'running' || status === 'paused') {
        expect((await stopped).status).toBe('stopping');
        expect(await eventsOf(id)).toEqual(['instance_created', 'instance_stopping']);
      } else if (status === 'stopping' || status === 'stopped') {
        expect((await stopped).status).toBe(status);
        expect(await eventsOf(id)).toEqual(['instance_created']);
      } else {
        await expect(stopped).rejects.toMatchObject({ message: `${name} is ${status}: it cannot stop` });
      }
    }
  });

  it('says that a stopping instance is started later', async () => {
    const { move } = await setup();
    const { id, name } = await plant(bench(), { status: 'stopping' });
    await expect(move(id, 'start', ana)).rejects.toMatchObject({
      code: 'instance_conflict',
      message: `${name} is stopping: wait until it is stopped, then start it`,
    });
  });

  it('goes through each status on the way, with an event for each (rule I1)', async () => {
    const { move, eventsOf } = await setup();
    const { id } = await plant(bench(), { status: 'created' });
    await move(id, 'start', ana);
    expect(await eventsOf(id)).toEqual(['instance_created', 'instance_starting', 'instance_running']);
  });

  it('writes nothing for a verb that was done already', async () => {
    const { move, eventsOf } = await setup();
    const { id } = await plant(bench());
    await move(id, 'start', ana);
    expect(await eventsOf(id)).toEqual(['instance_created']);
  });

  it('does each step once when two start it at once', async () => {
    const { move, eventsOf } = await setup();
    const { id } = await plant(bench(), { status: 'created' });
    await Promise.all([move(id, 'start', ana), move(id, 'start', ADMIN)]);
    expect(await eventsOf(id)).toEqual(['instance_created', 'instance_starting', 'instance_running']);
  });

  it('says so if there is no such instance', async () => {
    const { move } = await setup();
    await expect(move(randomUUID(), 'start', ana)).rejects.toMatchObject({ code: 'instance_not_found' });
  });
});

describe('createPatchInstance', () => {
  it('changes what is given and leaves the rest, with an event', async () => {
    const { patch, project, eventsOf } = await setup();
    const name = randomUUID();
    expect(await patch(project.id, { name }, ana)).toMatchObject({ ...project, name, updatedAt: expect.any(Date) });
    expect(await patch(project.id, { config: { max_retries: 0 } }, ana)).toMatchObject({
      name,
      config: { max_retries: 0 },
    });
    expect(await eventsOf(project.id)).toEqual(['instance_created', 'instance_changed', 'instance_changed']);
  });

  it('replaces the config as a whole', async () => {
    const { patch } = await setup();
    const { id } = await plant(bench(), { config: { max_retries: 0, capabilities: ['x'] } });
    expect((await patch(id, { config: {} }, ana)).config).toEqual({});
  });

  it("refuses a sibling's name, a terminated instance and one that does not exist", async () => {
    const { patch, global, project } = await setup();
    const other = await plant(bench(), { scope: 'project', parentId: global.id });
    const gone = await plant(bench(), { status: 'terminated' });
    await expect(patch(other.id, { name: project.name }, ana)).rejects.toMatchObject({ code: 'instance_conflict' });
    await expect(patch(gone.id, { name: 'x' }, ana)).rejects.toMatchObject({ code: 'instance_conflict' });
    await expect(patch(randomUUID(), { name: 'x' }, ana)).rejects.toMatchObject({ code: 'instance_not_found' });
  });
});
