import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parsePolicy } from '../../src/config/policy-file.ts';
import { createPolicyWatch } from '../../src/config/policy-watch.ts';
import { createPublishPolicy, createRefusePolicy } from '../../src/use-cases/publish-policy.ts';
import { createBehaviorFactory } from '../../src/domain/scopes/behavior-factory.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { eventually } from '../support/hopper.ts';
import { aBench } from './setup.ts';

const written = (limit: number): string => `global: { max_projects: ${String(limit)} }\n`;
const hashOf = (text: string): string => parsePolicy('given', text).hash;

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

/** A worker's watch over a file of its own. */
function setup(bench: ReturnType<ReturnType<typeof aBench>>, text: string | null, isNamed = true) {
  const path = join(mkdtempSync(join(tmpdir(), 'hopper-policy-')), 'policy.yaml');
  const write = (content: string) => {
    writeFileSync(path, content);
  };
  if (text !== null) write(text);
  const said: string[] = [];
  const behaviorsOf = ({ behaviors }: { behaviors: { global?: string | undefined } }) =>
    behaviors.global === undefined
      ? Promise.resolve(createBehaviorFactory())
      : Promise.reject(new DomainError('invalid_policy', `no module ${behaviors.global}`));
  const publish = createPublishPolicy({ ...bench, behaviorsOf });
  const refuse = createRefusePolicy(bench);
  const watch = createPolicyWatch({
    file: { path, isNamed },
    parse: parsePolicy,
    everyMs: 20,
    publish: (loaded, options) => publish(loaded, { by: 'a worker', ...options }),
    refuse: (problem) => refuse(problem, 'a worker'),
    isAnyInForce: async () => (await bench.repositories.policies.inForceHash(null)) !== null,
    log: {
      info: (facts, message) => void said.push(`${message} ${JSON.stringify(facts)}`),
      warn: (facts, message) => void said.push(`${message} ${JSON.stringify(facts)}`),
    },
  });
  const stop = new AbortController();
  stops.push(stop);
  const current = () => bench.repositories.policies.current();
  const untilInForce = (content: string) => eventually(current, (seen) => seen?.hash === hashOf(content));
  const untilRefused = (words: string) =>
    eventually(current, (seen) => seen?.refused?.problem.includes(words) === true);
  return {
    path,
    write,
    remove: () => {
      rmSync(path);
    },
    said,
    watch,
    run: () => watch.run(stop.signal),
    stop,
    current,
    untilInForce,
    untilRefused,
  };
}

describe('createPolicyWatch, where nothing is in force', () => {
  const bench = aBench();

  it('does not start with a bad file, then publishes a good one (rule Y4)', async () => {
    const bad = setup(bench(), 'global: { surprise: 1 }');
    await expect(bad.watch.start()).rejects.toMatchObject({
      code: 'invalid_policy',
      problems: [{ path: `${bad.path}:1:11` }],
    });
    const { watch, current } = setup(bench(), written(1));
    await watch.start();
    expect(await current()).toMatchObject({ hash: hashOf(written(1)), text: written(1), publishedBy: 'a worker' });
  });
});

describe('createPolicyWatch', () => {
  const bench = aBench();

  it('takes the defaults from a missing file that nobody named', async () => {
    const { watch, current } = setup(bench(), null, false);
    await watch.start();
    expect((await current())?.hash).toBe(hashOf(''));
  });

  it('at the start publishes what is new here, and leaves in force what came after it (rule Y4)', async () => {
    const older = setup(bench(), written(2));
    await older.watch.start();
    const newer = setup(bench(), written(3));
    await newer.watch.start();
    expect((await newer.current())?.hash).toBe(hashOf(written(3)));
    const restarted = setup(bench(), written(2));
    await restarted.watch.start();
    expect((await restarted.current())?.hash).toBe(hashOf(written(3)));
    expect(restarted.said.join()).toMatch(/was in force once.*hopper config publish/);
  });

  it('publishes each change of the file, also back to an old content, and says from what to what (rule Y4)', async () => {
    const { watch, write, run, said, untilInForce } = setup(bench(), written(4));
    await watch.start();
    void run();
    for (const limit of [5, 4, 6]) {
      write(written(limit));
      await untilInForce(written(limit));
    }
    expect(said.filter((words) => words.startsWith('policy published'))).toHaveLength(4);
    expect(said.at(-1)).toMatch(new RegExp(`"hash":"${hashOf(written(6))}","before":"${hashOf(written(4))}"`));
  });

  it('keeps the old policy while the file is bad, and says and records every line of it (rule Y4)', async () => {
    const { path, watch, write, run, said, current, untilInForce, untilRefused } = setup(bench(), written(7));
    await watch.start();
    void run();
    write('global:\n  surprise: 1\n  max_projects: -1\n');
    await untilRefused('surprise');
    const seen = await current();
    expect(seen?.hash).toBe(hashOf(written(7)));
    const lines = [
      expect.stringContaining('not usable'),
      expect.stringContaining(`${path}:3:3`),
      expect.stringContaining(`${path}:2:3`),
    ];
    expect([...(seen?.refused?.problem.split('\n') ?? [])].sort()).toEqual(expect.arrayContaining(lines));
    expect(said.at(-1)).toMatch(/the policy in force stays.*:2:3.*|.*:3:3/);
    write(written(7));
    await untilInForce(written(7));
    await eventually(current, (now) => now?.refused === null);
  });

  it('starts with a bad file where a policy is in force, and takes the file when it is right (rule Y4)', async () => {
    await setup(bench(), written(8)).watch.start();
    const { watch, write, run, untilInForce, untilRefused } = setup(bench(), '- a list');
    await watch.start();
    await untilRefused('policy.yaml:1:1');
    void run();
    write(written(9));
    await untilInForce(written(9));
  });

  it('takes a file that was removed for a bad one, and a policy whose behaviours cannot be had', async () => {
    const { watch, remove, write, run, untilInForce, untilRefused } = setup(bench(), written(10));
    await watch.start();
    void run();
    remove();
    await untilRefused('there is no such file');
    write('behaviors: { global: ./nowhere.mjs }');
    await untilRefused('no module ./nowhere.mjs');
    write(written(11));
    await untilInForce(written(11));
  });

  it('ends when it is told to', async () => {
    const { watch, run, stop } = setup(bench(), written(12));
    await watch.start();
    const running = run();
    stop.abort();
    await expect(running).resolves.toBeUndefined();
  });
});
