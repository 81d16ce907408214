import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ADMIN } from '../../src/domain/actor.ts';
import type { Instance } from '../../src/domain/instance.ts';
import type { InstanceConfig } from '../../src/domain/instance.schema.ts';
import type { Rule } from '../../src/domain/rule.schema.ts';
import { createPatchInstance } from '../../src/use-cases/change-instance.ts';
import { createCreateInstance } from '../../src/use-cases/create-instance.ts';
import { aPolicy } from '../support/builders.ts';
import { aBench, order, plant, route, submit } from './setup.ts';

const FROM_POLICY: Rule = { name: 'from the policy', when: '"incident" in tags', require: { capability: 'security' } };
const bench = aBench(aPolicy({ global: { rules: [FROM_POLICY] } }));

/** A Global with these rules of its own, and the projects below it by name. */
async function setup(rules: Rule[] | null, projects: Readonly<Record<string, Partial<Instance>>>) {
  const global = await plant(bench(), { config: rules === null ? {} : { rules } });
  const made: Record<string, Instance> = {};
  for (const [name, { status = 'running', config = {} }] of Object.entries(projects)) {
    made[name] = await plant(bench(), { name, status, config, scope: 'project', parentId: global.id });
  }
  const routed = async (fields: object) => {
    const taskId = await submit(bench(), global, fields);
    const row = await route(bench(), taskId);
    const [decision] = await bench().repositories.decisions.ofTask(taskId);
    return { row, decision, taskId, at: row.holder.name };
  };
  return { global, made, routed };
}

const can = (...capabilities: string[]): { config: InstanceConfig } => ({ config: { capabilities } });
const URGENT = { tags: ['Docs'], priority: 'urgent' } as const;
const when = 'priority == "urgent" && "docs" in tags';

describe('a rule of the policy', () => {
  it('decides before tags, words and turns, and names itself on record (rules L1 and R1)', async () => {
    const { routed, made } = await setup(null, { docs: can('incident'), shield: can('Security') });
    const { decision, at } = await routed({ tags: ['Incident'] });
    expect(at).toBe('shield');
    expect(decision).toMatchObject({
      strategy: 'rule',
      targetInstanceId: made['shield']?.id,
      reason: 'from the policy requires capability security',
      candidates: [{ name: 'shield', chosen: true }],
    });
  });

  it('leaves alone a task for which it does not hold', async () => {
    const { routed } = await setup(null, { docs: can('docs'), shield: can('security') });
    expect((await routed({ tags: ['docs'] })).decision).toMatchObject({ strategy: 'tags' });
  });

  it('gives way to the rules of the instance, which replace the whole list (rule Y2)', async () => {
    const { routed } = await setup([{ when, require: { name: 'docs' } }], { docs: {}, shield: can('security') });
    expect((await routed({ tags: ['incident', 'security'] })).decision).toMatchObject({ strategy: 'tags' });
    const none = await setup([], { shield: can('security') });
    expect((await none.routed({ tags: ['incident'] })).decision).not.toMatchObject({ strategy: 'rule' });
  });

  it('comes after metadata.project_id (rule L1)', async () => {
    const { routed, made } = await setup([{ when, require: { name: 'docs' } }], { docs: {}, other: {} });
    const wish = { ...URGENT, metadata: { project_id: made['other']?.id } };
    expect(await routed(wish)).toMatchObject({ at: 'other', decision: { strategy: 'explicit' } });
  });

  it('is the first that holds (rule L1)', async () => {
    const rules: Rule[] = [
      { when: 'metadata.level > 3', require: { name: 'third' } },
      { when: 'priority == "low"', require: { name: 'third' } },
      { when, prefer: { name: 'first' } },
      { when, require: { name: 'second' } },
    ];
    const { routed } = await setup(rules, { first: {}, second: {}, third: {} });
    const { at, decision } = await routed(URGENT);
    expect(at).toBe('first');
    expect(decision?.reason).toBe('rule 3 prefers first; rule 1 cannot be evaluated: there is no key level');
    expect((await routed({ ...URGENT, metadata: { level: 4 } })).at).toBe('third');
  });
});

describe.each(['require', 'prefer'] as const)('a rule with %s', (verb) => {
  const rule = (target: Rule['require']): Rule[] => [{ name: 'mine', when, [verb]: target }];

  it.each([
    ['name', 'by its name, in any case', 'DOCS '],
    ['capability', 'by a capability, in any case', ' Writing'],
  ] as const)('finds its target by %s', async (by, _what, value) => {
    const { routed } = await setup(rule({ [by]: value }), { docs: can('writing'), other: can('docs') });
    expect(await routed(URGENT)).toMatchObject({ at: 'docs', decision: { strategy: 'rule' } });
  });

  it('finds its target by id', async () => {
    const { global, made, routed } = await setup([], { docs: {}, other: can('docs') });
    const rules = rule({ id: made['docs']?.id });
    await createPatchInstance(bench())(global.id, { config: { rules } }, ADMIN);
    expect(await routed(URGENT)).toMatchObject({ at: 'docs', decision: { strategy: 'rule' } });
  });

  it('chooses most tags, then the least busy, of several (rule L2)', async () => {
    const { routed } = await setup(rule({ capability: 'writing' }), {
      idle: can('writing'),
      able: can('writing', 'docs'),
    });
    expect((await routed(URGENT)).at).toBe('able');
  });

  it.each(['paused', 'stopped', 'absent', 'refused'] as const)('whose target is %s (rule L2)', async (what) => {
    const docs =
      what === 'paused' || what === 'stopped' ? { status: what } : { config: { acceptance: 'manual' } as const };
    const { routed } = await setup(rule({ name: 'docs' }), { other: can('docs'), ...(what !== 'absent' && { docs }) });
    const { taskId, row } = await routed(URGENT);
    if (what === 'refused') {
      const delegationId = row.offer?.delegationId ?? '';
      await order(bench(), taskId, { kind: 'reject', delegationId, reason: 'not ours' });
    }
    const after = await route(bench(), taskId);
    const last = (await bench().repositories.decisions.ofTask(taskId))
      .filter((each) => each.strategy !== 'complexity')
      .at(-1);
    if (verb === 'prefer') {
      expect(after).toMatchObject({ status: 'queued', holder: { name: 'other' } });
      expect(last).toMatchObject({ strategy: 'tags' });
    } else {
      expect(after).toMatchObject({ status: 'rejected', failure: { code: 'unroutable' } });
      expect(last).toMatchObject({
        action: 'reject',
        strategy: 'rule',
        reason: expect.stringContaining('mine requires docs'),
      });
    }
  });
});

describe('a rule of a project', () => {
  it('chooses an orchestration, also for a simple task (rule L1)', async () => {
    const rules: Rule[] = [{ when: 'estimated_duration > 10', require: { name: 'builders' } }];
    const { made, routed } = await setup([], { docs: { config: { rules } } });
    const parentId = made['docs']?.id ?? '';
    await plant(bench(), { name: 'builders', scope: 'orchestration', parentId });
    await plant(bench(), { name: 'a', scope: 'orchestration', parentId });
    expect((await routed({ estimatedDuration: 20 })).at).toBe('builders');
    expect((await routed({ estimatedDuration: 10 })).at).toBe('docs');
  });
});

describe('the config of an instance', () => {
  const broken: InstanceConfig = {
    rules: [
      { when, prefer: { name: 'a' } },
      { when: 'tags == 3', prefer: { name: 'a' } },
    ],
  };
  const refusal = {
    code: 'invalid_input',
    problems: [
      { path: 'config.rules.1.when', message: expect.stringContaining('== cannot be used with list and int') },
    ],
  };
  const foreign = {
    code: 'invalid_input',
    problems: [{ path: 'config.complexity_threshold', message: expect.stringContaining('scope orchestration') }],
  };

  it('with a rule that can never be evaluated is refused, new or changed (rule L3)', async () => {
    const { global } = await setup([], {});
    const create = createCreateInstance(bench());
    const input = { name: 'x', scope: 'project', parent_id: global.id, config: broken } as const;
    await expect(create(input, ADMIN, randomUUID())).rejects.toMatchObject(refusal);
    await expect(createPatchInstance(bench())(global.id, { config: broken }, ADMIN)).rejects.toMatchObject(refusal);
  });

  it('with a key that its scope does not have is refused when it is changed (rule Y2)', async () => {
    const { made } = await setup([], { docs: {} });
    const orchestration = await plant(bench(), { scope: 'orchestration', parentId: made['docs']?.id ?? '' });
    const change = createPatchInstance(bench())(orchestration.id, { config: { complexity_threshold: 1 } }, ADMIN);
    await expect(change).rejects.toMatchObject(foreign);
  });
});
