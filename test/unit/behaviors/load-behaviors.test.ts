import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { behaviorDigests, loadBehaviors } from '../../../src/behaviors/load-behaviors.ts';
import { effectsAt, orderingAt } from '../../../src/domain/scopes/ask-behavior.ts';
import { decideAt } from '../../../src/domain/scopes/decide-at.ts';
import type { RoutingView } from '../../../src/domain/scopes/scope-behavior.ts';
import { aCandidate, aPolicy, aProjectView, aTask, anInstance } from '../../support/builders.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/behaviors/customer-first.ts', import.meta.url));
const QUEUE = "{ action: 'queue', reason: 'mine', strategy: 'custom', candidates: [] }";
const aFolder = (): string => mkdtempSync(join(tmpdir(), 'hopper-behaviors-'));

/** A folder with this module, loaded for projects; it decides on a task as the test gives it. */
async function loaded(text: string, name = 'module.ts') {
  const folder = aFolder();
  writeFileSync(join(folder, name), text);
  const { factory, problems } = await loadBehaviors({ project: `./${name}` }, folder);
  const decide = (task = aTask(), view: RoutingView = aProjectView()) => decideAt(factory, task, view, aPolicy());
  return { factory, problems, decide, folder };
}

describe('loadBehaviors', () => {
  it.each([
    [
      'module.ts',
      `const n: number = 1; export const behavior = { handleIncomingTask: () => (${QUEUE}) }; export type X = typeof n;`,
    ],
    ['module.js', `export const behavior = { handleIncomingTask: () => (${QUEUE}) };`],
    ['module.mjs', `export default { handleIncomingTask: () => (${QUEUE}) };`],
    ['module.cjs', `exports.behavior = { handleIncomingTask: () => (${QUEUE}) };`],
    ['module.ts', `export const behavior = (standard) => ({ handleIncomingTask: () => (${QUEUE}) });`],
  ])('takes the behaviour that %s exports', async (name, text) => {
    const { decide, problems } = await loaded(text, name);
    expect(problems).toEqual([]);
    expect(decide()).toMatchObject({ action: 'queue', reason: 'mine' });
  });

  it('leaves what a module does not replace to the standard behaviour, which asks the replaced method', async () => {
    const { decide, factory } = await loaded('export const behavior = { shouldDelegate: () => true };');
    const view = aProjectView({ candidates: [aCandidate({ name: 'able' })] });
    expect(decide(aTask(), view)).toMatchObject({
      action: 'delegate',
      reason: expect.stringMatching(/^simple, and yet/),
    });
    expect(factory.getBehaviorForScope('global')).toHaveProperty('shouldDelegate');
    const asked = orderingAt(factory, anInstance({ scope: 'project' }), aPolicy());
    expect(asked).toEqual({ ordering: { by: ['priority', 'age'] }, problem: null });
    const kept = await loaded('export const behavior = { shouldDelegate: () => false };');
    expect(kept.decide(aTask({ tags: ['complex'], estimatedDuration: 600 }), view)).toMatchObject({
      action: 'execute',
      reason: expect.stringContaining('kept here, though complexity'),
    });
  });

  it('loads a module anew when it has changed, with what it imports', async () => {
    const folder = aFolder();
    const write = (word: string) => {
      writeFileSync(join(folder, 'word.ts'), `export const word: string = '${word}';`);
    };
    const text = `import { word } from './word.ts';
      export const behavior = { handleIncomingTask: () => ({ ...${QUEUE}, reason: word }) };`;
    writeFileSync(join(folder, 'module.ts'), text);
    for (const word of ['one', 'two']) {
      write(word);
      const { factory } = await loadBehaviors({ project: 'module.ts' }, folder);
      expect(decideAt(factory, aTask(), aProjectView(), aPolicy()).reason).toBe(word);
    }
  });

  it.each([
    ['a module that is not there', null, /Cannot find module|no such file/i],
    ['a module that is no program', 'export const behavior = {', /.+/],
    ['a module that fails when it is loaded', "throw new Error('not today');", /not today/],
    ['no behaviour', 'export const other = 1;', /it exports no behaviour/],
    ['a behaviour that is no object', "export const behavior = 'fast';", /it exports no behaviour/],
    ['a maker that makes nothing', 'export const behavior = () => undefined;', /it exports no behaviour/],
    ['a maker that fails', "export const behavior = () => { throw new Error('no plan'); };", /no plan/],
    ['a behaviour without a method', 'export const behavior = {};', /has none of handleIncomingTask/],
    ['a method that is none', 'export const behavior = { shouldDelegate: 1 };', /shouldDelegate is no function/],
    ['a method that nobody asks', 'export const behavior = { handleTask() {} };', /handleTask is no method/],
  ])(
    'with %s makes the tasks of its scope wait, with the reason, and others go on (rule F2)',
    async (_what, text, words) => {
      const { decide, problems, factory } = text === null ? await withoutModule() : await loaded(text);
      expect(problems).toEqual([{ scope: 'project', path: './module.ts', message: expect.stringMatching(words) }]);
      expect(decide()).toMatchObject({
        action: 'hold',
        strategy: 'behavior_failed',
        reason: expect.stringMatching(/^the project behaviour fails: \.\/module\.ts cannot be used: /),
      });
      expect(effectsAt(factory, aTask(), anInstance({ scope: 'project' }))).toHaveProperty('problem');
      const asked = orderingAt(factory, anInstance({ scope: 'project' }), aPolicy());
      expect(asked).toMatchObject({ ordering: { by: ['priority', 'age'] }, problem: expect.stringMatching(words) });
      expect(decideAt(factory, aTask(), aProjectView({ instance: { scope: 'orchestration' } }), aPolicy()).action).toBe(
        'queue',
      );
    },
  );

  it('shows a module copies that it cannot change, and nothing but what a behaviour may know (rules B2 and F2)', async () => {
    const { decide } = await loaded(`export const behavior = {
      handleIncomingTask(task, view, policy) {
        const tried = [() => { task.title = 'x'; }, () => { task.metadata.a.b = 2; }, () => view.candidates.pop(),
          () => { view.candidates[0].busy = 0; }, () => { policy.rules.push(1); }];
        const failed = tried.filter((each) => { try { each(); return false; } catch { return true; } }).length;
        return { ...${QUEUE}, reason: failed + ' ' + Object.keys(view).length + ' ' + ('status' in task) };
      } };`);
    const view = aProjectView({ candidates: [aCandidate({ name: 'able', busy: 3 })] });
    const task = aTask({ metadata: { a: { b: 1 } } });
    const more = { ...view, inForce: { secret: () => 1 } };
    expect(decide(task, more).reason).toBe('5 12 false');
    expect(task.metadata).toEqual({ a: { b: 1 } });
  });
});

describe('behaviorDigests', () => {
  it('changes with the content of a module, and names one that is absent', () => {
    const folder = aFolder();
    writeFileSync(join(folder, 'a.ts'), 'one');
    const digests = () => behaviorDigests({ project: 'a.ts', global: 'gone.ts' }, folder);
    const before = digests();
    expect(before).toEqual({ global: 'absent', project: expect.stringMatching(/^[0-9a-f]{64}$/) });
    writeFileSync(join(folder, 'a.ts'), 'two');
    expect(digests()['project']).not.toBe(before['project']);
    expect(behaviorDigests({}, folder)).toEqual({});
  });
});

describe('examples/behaviors/customer-first.ts', () => {
  it('keeps the work of its customer, and hands the rest to whoever has the fewest open tasks', async () => {
    const { factory, problems } = await loadBehaviors({ project: EXAMPLE }, '.');
    expect(problems).toEqual([]);
    const [idle, able] = [
      aCandidate({ name: 'idle' }),
      aCandidate({ name: 'able', busy: 2, capabilities: ['complex'] }),
    ];
    const complex = { tags: ['complex', 'customer-x'], estimatedDuration: 600 };
    const decide = (tags: string[]) =>
      decideAt(factory, aTask({ ...complex, tags }), aProjectView({ candidates: [able, idle] }), aPolicy());
    expect(decide(complex.tags)).toMatchObject({ action: 'execute', reason: 'customer-x is served here' });
    expect(decide(['complex'])).toMatchObject({ targetId: idle.id, strategy: 'fewest_open' });
  });

  it('can be copied elsewhere: types are all that it imports', async () => {
    const folder = aFolder();
    cpSync(EXAMPLE, join(folder, 'mine.ts'));
    expect((await loadBehaviors({ project: 'mine.ts' }, folder)).problems).toEqual([]);
  });
});

async function withoutModule() {
  const folder = aFolder();
  const { factory, problems } = await loadBehaviors({ project: './module.ts' }, folder);
  return { factory, problems, decide: () => decideAt(factory, aTask(), aProjectView(), aPolicy()) };
}
