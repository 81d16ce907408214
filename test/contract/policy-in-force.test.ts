import { describe, expect, it } from '@jest/globals';
import { watchStatements } from '../../bench/statements.ts';
import { parsePolicy } from '../../src/config/policy-file.ts';
import { DomainError } from '../../src/domain/errors.ts';
import type { LoadedPolicy } from '../../src/domain/policy.ts';
import { createBehaviorFactory } from '../../src/domain/scopes/behavior-factory.ts';
import { type PolicySource, createPolicyInForce } from '../../src/use-cases/policy-in-force.ts';
import { createTaskUseCases } from '../../src/use-cases/use-cases.ts';
import { type Bench, aBench, plant, plantTree, rowOf, submit, within } from './setup.ts';

const DEFAULTS = parsePolicy('given', '');
const by = (name: string): LoadedPolicy => parsePolicy('given', `project: { complexity_tags: [${name}] }`);
const publish = (bench: Bench, loaded: LoadedPolicy) =>
  within(bench, (transaction) => bench.repositories.policies.publish(transaction, loaded, { by: 'ana' }));

/** What a process of the deployment would ask, with its own file. */
const processOf = ({ database, repositories }: Bench, overrides: Partial<PolicySource> = {}) =>
  createPolicyInForce({
    database,
    repositories,
    load: () => DEFAULTS,
    owner: 'a worker',
    behaviorsOf: () => Promise.resolve(createBehaviorFactory()),
    ...overrides,
  });

const refusalOf = (work: Promise<unknown>): Promise<Partial<DomainError>> =>
  work.then(
    () => ({}),
    (error: unknown) => (error instanceof DomainError ? error : Promise.reject(error as Error)),
  );

describe('createPolicyInForce, where nothing was published', () => {
  const bench = aBench();

  it('says what is wrong with the file of the process, then publishes it when it is right, once (rule Y4)', async () => {
    const bad = processOf(bench(), { load: () => parsePolicy('bad.yaml', 'surprise: true') });
    expect(await refusalOf(bad(null))).toMatchObject({
      code: 'policy_unreadable',
      problems: [{ path: 'bad.yaml:1:1', message: expect.stringContaining('surprise') }],
    });
    const [one, other] = [processOf(bench()), processOf(bench(), { load: () => by('other') })];
    const seen = await Promise.all([one(null), one(null), other(null), other(null)]);
    expect(new Set(seen.map(({ hash }) => hash)).size).toBe(1);
    expect(await bench().repositories.policies.current()).toMatchObject({
      hash: seen[0].hash,
      publishedBy: 'a worker',
    });
  });
});

describe('createPolicyInForce', () => {
  const bench = aBench();

  it('gives every process the same policy right after a publication (rule Y4)', async () => {
    const [one, other] = [processOf(bench()), processOf(bench())];
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'a']) {
      await publish(bench(), by(name));
      for (const ask of [one, other]) {
        const { hash, policy } = await ask(null);
        expect([hash, policy.project.complexity_tags]).toEqual([by(name).hash, [name]]);
      }
    }
  });

  it('reads within the transaction that it is given', async () => {
    const ask = processOf(bench());
    await publish(bench(), by('before'));
    await within(bench(), async (transaction) => {
      await bench().repositories.policies.publish(transaction, by('within'), { by: 'ana' });
      expect((await ask(transaction)).hash).toBe(by('within').hash);
      expect((await ask(null)).hash).toBe(by('before').hash);
    });
  });

  it('makes the behaviours of a policy once, and again only after many others', async () => {
    const made: string[] = [];
    const ask = processOf(bench(), {
      behaviorsOf: ({ project }) => {
        made.push(project.complexity_tags.join());
        return Promise.resolve(createBehaviorFactory());
      },
    });
    for (const name of ['p', 'q', 'p', 'q']) {
      await publish(bench(), by(name));
      expect((await ask(null)).behaviors).toBe((await ask(null)).behaviors);
    }
    expect(made).toEqual(['p', 'q']);
  });

  it('each decision of a task names the policy by which it was made, and that policy is kept (rule Y3)', async () => {
    const useCases = createTaskUseCases({ ...bench(), policyInForce: processOf(bench()) });
    const { global } = await plantTree(bench());
    await publish(bench(), by('first'));
    const taskId = await submit(bench(), global, {
      tags: ['second'],
      metadata: { subtasks: [1, 2] },
    });
    const { step } = rowOf(await useCases.routeTask({ taskId, expectedStep: 0 }));
    await publish(bench(), by('second'));
    await useCases.routeTask({ taskId, expectedStep: step });
    const decisions = await bench().repositories.decisions.ofTask(taskId);
    expect(decisions.map(({ policyHash }) => policyHash)).toEqual([by('first').hash, by('second').hash]);
    for (const { policyHash } of decisions)
      expect(await bench().repositories.policies.get(null, policyHash)).toMatchObject({ hash: policyHash });
  });

  it('lets a task wait, and says why, while the policy in force is one of a newer version', async () => {
    const newer = { ...by('newer'), hash: 'f'.repeat(64), policy: { ...by('newer').policy, telepathy: {} } };
    const useCases = createTaskUseCases({ ...bench(), policyInForce: processOf(bench()) });
    const taskId = await submit(bench(), await plant(bench()));
    await publish(bench(), newer);
    expect(await refusalOf(useCases.routeTask({ taskId, expectedStep: 0 }))).toMatchObject({
      code: 'policy_unreadable',
      message: expect.stringMatching(/this version.*telepathy/),
    });
    expect(rowOf(await useCases.readTask({ taskId }))).toMatchObject({ status: 'routing', step: 0 });
    await publish(bench(), by('older'));
    expect(await useCases.routeTask({ taskId, expectedStep: 0 })).toMatchObject({ verdict: 'done' });
  });

  it('costs one statement once the policy is known, and none where its hash was read with something else', async () => {
    const ask = processOf(bench());
    const { hash } = await ask(null);
    const statements = watchStatements(bench().database);
    await ask(null);
    expect(statements()).toHaveLength(1);
    await ask(null, hash);
    expect(statements()).toEqual([]);
  });
});
