import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { loadPolicy } from '../../../src/config/policy-file.ts';
import { PolicySchema } from '../../../src/domain/policy.schema.ts';
import { createRuleEngine } from '../../../src/rules/rule-engine.ts';
import { aFile, complaintsAbout } from './files.ts';

const SHIPPED = { path: 'config/scope_behaviors.yaml', isNamed: true };

const engine = createRuleEngine();
const CHECKS = { problemOf: (expression: string) => engine.problemOf(expression), digestsOf: () => ({}) };

describe('loadPolicy', () => {
  it('reads the shipped file, which says the defaults and leaves no key out', () => {
    const { policy, text } = loadPolicy(SHIPPED);
    expect(policy).toEqual(PolicySchema.parse({}));
    for (const key of Object.values(policy).flatMap((section) => Object.keys(section)))
      expect(text).toContain(`${key}:`);
  });

  it('takes the defaults when nobody named a file and none is there', () => {
    const absent = { path: '/nowhere/at/all.yaml', isNamed: false };
    expect(loadPolicy(absent)).toMatchObject({ policy: PolicySchema.parse({}), text: '' });
  });

  it('refuses a file that was named and is not there', () => {
    const refusal = complaintsAbout(() => loadPolicy({ path: '/nowhere/at/all.yaml', isNamed: true }));
    expect(refusal).toMatchObject({ code: 'invalid_policy', message: expect.stringContaining('/nowhere/at/all.yaml') });
  });

  it('refuses a folder', () => {
    expect(complaintsAbout(() => loadPolicy({ path: '/tmp', isNamed: false })).code).toBe('invalid_policy');
  });

  it.each(['', '# nothing\n', 'global:\nproject:\n', '{}'])('takes the defaults from %j', (text) => {
    expect(loadPolicy(aFile(text)).policy).toEqual(PolicySchema.parse({}));
  });

  it('changes only what the file says', () => {
    const { policy } = loadPolicy(aFile('project:\n  complexity_threshold: 7\n'));
    expect(policy).toEqual(PolicySchema.parse({ project: { complexity_threshold: 7 } }));
    expect(policy.project.complexity_threshold).toBe(7);
  });

  it('hashes what the policy means, not how it is written', () => {
    const hashOf = (text: string): string => loadPolicy(aFile(text)).hash;
    const plain = hashOf('global: { max_projects: 3, on_unroutable: hold }');
    expect(plain).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf('# the same\nglobal:\n  on_unroutable: "hold"\n  max_projects: 3\n')).toBe(plain);
    expect(hashOf('global: { max_projects: 4, on_unroutable: hold }')).not.toBe(plain);
  });

  it('hashes the JSON with its keys in order, so that no change of our code changes it', () => {
    const { policy, hash } = loadPolicy(SHIPPED);
    const sorted = Object.fromEntries(
      Object.entries(policy)
        .sort(([a], [b]) => a.localeCompare(b, 'en'))
        .map(([section, keys]) => [
          section,
          Object.fromEntries(Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1))),
        ]),
    );
    expect(hash).toBe(createHash('sha256').update(JSON.stringify(sorted)).digest('hex'));
  });

  it('names line, column and key of every problem at once', () => {
    const text = [
      'global:',
      '  routing_strategy: by_dice',
      '  max_projects: -1',
      '  surprise: true',
      'project:',
      '  complexity_tags:',
      '    - fine',
      '    - 5',
      'orchestra: {}',
    ].join('\n');
    const { code, lines } = complaintsAbout(() => loadPolicy(aFile(text)));
    expect(code).toBe('invalid_policy');
    expect(lines).toEqual([
      expect.stringMatching(/^given\.yaml:2:3 global\.routing_strategy: .*tag_first/),
      expect.stringMatching(/^given\.yaml:3:3 global\.max_projects: /),
      'given.yaml:4:3 global.surprise: there is no such key',
      expect.stringMatching(/^given\.yaml:8:7 project\.complexity_tags\.1: /),
      'given.yaml:9:1 orchestra: there is no such key',
    ]);
  });

  it('names line, column and key of every rule that cannot be used (rule L3)', () => {
    const text = [
      'global:',
      '  rules:',
      '    - { when: "priority == \'urgent\'", require: { name: a } }',
      '    - name: broken',
      '      when: priority ==',
      '      prefer: { capability: b }',
      'project:',
      '  rules:',
      '    - { when: size(tags), prefer: { name: a } }',
    ].join('\n');
    const { code, lines } = complaintsAbout(() => loadPolicy(aFile(text), CHECKS));
    expect(code).toBe('invalid_policy');
    expect(lines).toEqual([
      expect.stringMatching(/^given\.yaml:5:7 global\.rules\.1\.when: is no usable expression: at character 10/),
      'given.yaml:9:9 project.rules.0.when: is no usable expression: it is of type int, and must be true or false',
    ]);
  });

  it('takes the examples of the shipped file', () => {
    const { text } = loadPolicy(SHIPPED);
    const examples = text.replaceAll(/^(\s*)# - \{ when/gm, '$1- { when').replaceAll(/rules: \[\].*/g, 'rules:');
    const { policy } = loadPolicy(aFile(examples), CHECKS);
    expect(policy.global.rules.length).toBeGreaterThan(1);
    expect(policy.project.rules.length).toBeGreaterThan(0);
  });

  it('hashes the modules of behaviours with it: another module is another policy', () => {
    const file = aFile('behaviors: { project: ./mine.ts }');
    const hashWith = (digest: string) =>
      loadPolicy(file, { problemOf: () => null, digestsOf: ({ behaviors }) => ({ [behaviors.project ?? '']: digest }) })
        .hash;
    expect(hashWith('a')).toBe(hashWith('a'));
    expect(hashWith('a')).not.toBe(hashWith('b'));
  });

  it.each([
    ['a tab as indentation', 'global:\n\tmax_projects: 3\n', /^given\.yaml:2:1 /],
    ['a key twice', 'global: {}\nproject: {}\nglobal: {}\n', /^given\.yaml:3:1 .*unique/i],
    ['a bracket that stays open', 'global: [1, 2\nproject: {}\n', /^given\.yaml:\d+:\d+ /],
    ['a tag that nobody knows', 'global: !!python/object {}\n', /^given\.yaml:1:9 .*tag/i],
    ['a list', '- global\n', /^given\.yaml:1:1 /],
    ['a number', '42\n', /^given\.yaml:1:1 /],
    ['two documents', 'global: {}\n---\nglobal: {}\n', /^given\.yaml:3:1 .*one document/],
  ])('says where it found %s', (_what, text, line) => {
    expect(complaintsAbout(() => loadPolicy(aFile(text))).lines[0]).toMatch(line);
  });

  it('refuses aliases that multiply without end', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((key, index) => {
        const below = 'abcdefg'.charAt(index);
        return `${key}: &${key} [${Array.from({ length: 9 }, () => `*${below}`).join(',')}]`;
      }),
    ].join('\n');
    expect(complaintsAbout(() => loadPolicy(aFile(bomb))).code).toBe('invalid_policy');
  });
});
