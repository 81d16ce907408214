import { describe, expect, it } from '@jest/globals';
import { loadHierarchy } from '../../../src/config/hierarchy-file.ts';
import type { HierarchyNode } from '../../../src/config/hierarchy.schema.ts';
import { createRuleEngine } from '../../../src/rules/rule-engine.ts';
import { aFile, complaintsAbout } from './files.ts';

describe('loadHierarchy', () => {
  it('reads the shipped file: one global, three projects of which one accepts by hand, five orchestrations', () => {
    const roots = loadHierarchy({ path: 'config/hierarchy.yaml', isNamed: true });
    const all = roots.flatMap(flatten);
    const count = (scope: string): number => all.filter((node) => node.scope === scope).length;
    expect([count('global'), count('project'), count('orchestration')]).toEqual([1, 3, 5]);
    expect(all.filter(({ config }) => config.acceptance === 'manual')).toHaveLength(1);
    expect(new Set(all.map(({ name }) => name)).size).toBe(9);
  });

  it('fills in what a node leaves out', () => {
    expect(loadHierarchy(aFile('name: root\nscope: global\n'))).toEqual([
      { name: 'root', scope: 'global', config: {}, children: [] },
    ]);
  });

  it('reads one root from each document', () => {
    const roots = loadHierarchy(aFile('name: a\nscope: global\n---\nname: b\nscope: global\n---\n'));
    expect(roots.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('is empty when nobody named a file and none is there', () => {
    expect(loadHierarchy({ path: '/nowhere/at/all.yaml', isNamed: false })).toEqual([]);
  });

  it('refuses a file that was named and is not there', () => {
    const refusal = complaintsAbout(() => loadHierarchy({ path: '/nowhere/at/all.yaml', isNamed: true }));
    expect(refusal.code).toBe('invalid_hierarchy');
  });

  it('names line, column and key of every problem at once: of the schema, of the levels and of the names', () => {
    const text = [
      'name: root',
      'scope: global',
      'colour: blue',
      'children:',
      '  - name: one',
      '    scope: orchestration',
      '  - name: one',
      '    scope: project',
      '    config:',
      '      acceptance: perhaps',
      '    children:',
      '      - scope: orchestration',
      '        children:',
      '          - name: too deep',
      '            scope: orchestration',
      '---',
      'name: root',
      'scope: project',
    ].join('\n');
    const { code, lines } = complaintsAbout(() => loadHierarchy(aFile(text)));
    expect(code).toBe('invalid_hierarchy');
    expect([...lines].sort()).toEqual([
      expect.stringMatching(/^given\.yaml:10:7 children\.1\.config\.acceptance: /),
      expect.stringMatching(/^given\.yaml:12:9 children\.1\.children\.0\.name: /),
      expect.stringMatching(/^given\.yaml:15:13 children\.1\.children\.0\.children\.0\.scope: nothing can be here/),
      expect.stringMatching(/^given\.yaml:17:1 name: another root/),
      expect.stringMatching(/^given\.yaml:18:1 scope: must be global here/),
      'given.yaml:3:1 colour: there is no such key',
      expect.stringMatching(/^given\.yaml:6:5 children\.0\.scope: must be project here/),
      expect.stringMatching(/^given\.yaml:7:5 children\.1\.name: another child/),
    ]);
  });

  it('refuses rules that cannot be used, and keys that a scope does not have (rules L3 and Y2)', () => {
    const text = [
      'name: root',
      'scope: global',
      'children:',
      '  - name: a',
      '    scope: project',
      '    config:',
      '      rules:',
      '        - { when: "tags > 3", prefer: { name: b } }',
    ];
    const engine = createRuleEngine();
    const checks = { problemOf: (expression: string) => engine.problemOf(expression) };
    const complaints = (more: string[]) =>
      complaintsAbout(() => loadHierarchy(aFile([...text, ...more].join('\n')), checks)).lines;
    expect(complaints([])).toEqual([
      'given.yaml:8:13 children.0.config.rules.0.when: is no usable expression: > cannot be used with list and int',
    ]);
    expect(complaints(['      max_projects: 3'])).toEqual([
      'given.yaml:9:7 children.0.config.max_projects: means nothing to an instance of scope project: leave it out',
    ]);
  });

  it('lets cousins share a name', () => {
    const text = [
      'name: root',
      'scope: global',
      'children:',
      '  - { name: a, scope: project, children: [{ name: agents, scope: orchestration }] }',
      '  - { name: b, scope: project, children: [{ name: agents, scope: orchestration }] }',
    ].join('\n');
    expect(loadHierarchy(aFile(text)).flatMap(flatten)).toHaveLength(5);
  });
});

function flatten(node: HierarchyNode): readonly HierarchyNode[] {
  return [node, ...node.children.flatMap(flatten)];
}
