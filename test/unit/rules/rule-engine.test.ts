import { describe, expect, it } from '@jest/globals';
import type { RuleEngine } from '../../../src/domain/scopes/rules.ts';
import type { Task } from '../../../src/domain/task.ts';
import { createRuleEngine } from '../../../src/rules/rule-engine.ts';
import { aTask } from '../../support/builders.ts';

const engine: RuleEngine = createRuleEngine();
const task = aTask({
  tags: [' Billing', 'urgent'],
  priority: 'urgent',
  title: 'Split the Invoices',
  description: 'of customer x',
  requester: 'ana',
  estimatedDuration: 90,
  metadata: { size: 5, ratio: 0.5, name: 'x', none: null, list: [1, 2], nested: { deep: [{ a: 1 }] }, __proto__x: 1 },
});
const holds = (expression: string, of: Task = task): boolean => engine.holds(expression, of);

describe('createRuleEngine', () => {
  it.each([
    ['"billing" in tags', 'tags as they are compared everywhere'],
    ['!("Billing" in tags)', 'tags in small letters'],
    ['tags == ["billing", "urgent"]', 'tags as a list'],
    ['priority == "urgent"', 'priority'],
    ['title == "Split the Invoices"', 'title'],
    ['description == "of customer x"', 'description'],
    ['text == "Split the Invoices\\nof customer x"', 'text'],
    ['metadata.name == "x"', 'metadata'],
    ['requester == "ana"', 'requester'],
    ['estimated_duration == 90', 'estimated_duration'],
  ])('%s holds: %s', (expression) => {
    expect(engine.problemOf(expression)).toBeNull();
    expect(holds(expression)).toBe(true);
  });

  it.each(['description == ""', 'requester == ""', 'estimated_duration == 0', 'text == title + "\\n"', 'tags == []'])(
    'where something is absent, %s holds',
    (expression) => {
      const bare = aTask({ description: null, requester: null, estimatedDuration: null, tags: [], metadata: {} });
      expect(holds(expression, bare)).toBe(true);
    },
  );

  it.each([
    'priority in ["urgent", "high"] && !("docs" in tags)',
    'title.startsWith("Split") || false',
    'title.endsWith("Invoices") ? true : false',
    'text.contains("customer")',
    'text.matches("(?i)split the INVOICES")',
    'text.matches("customer [a-z]$")',
    'has(metadata.size) && !has(metadata.gone)',
    '"size" in metadata && metadata["size"] == 5',
    'metadata.none == null',
    'tags.exists(t, t.startsWith("bill")) && tags.all(t, t.size() > 3)',
    'tags.exists_one(t, t == "urgent") && tags.filter(t, t != "urgent").size() == 1',
    'tags.map(t, t + "!") == ["billing!", "urgent!"]',
    'metadata.nested.deep.exists(each, each.a == 1)',
    'tags.exists(t, metadata.list.exists(n, n == 2))',
    'estimated_duration / 60 >= 1',
    'metadata.gone == "x" || priority == "urgent"',
    'type(metadata.size) == int',
  ])('%s holds', (expression) => {
    expect(engine.problemOf(expression)).toBeNull();
    expect(holds(expression)).toBe(true);
  });

  it.each([
    'metadata.size > 3',
    'metadata.size == 5',
    'metadata.size == 5.0',
    'metadata.size in [4, 5]',
    'metadata.size + 1 == 6',
    'metadata.size % 2 == 1',
    'metadata.ratio < 1',
    'metadata.ratio * 2.0 == 1.0',
    '2 in metadata.list',
  ])('compares and counts with the numbers of metadata as a person expects: %s', (expression) => {
    expect(holds(expression)).toBe(true);
  });

  it.each([
    ['', 'at character'],
    ['priority ==', 'at character 10: found'],
    ['nope == 1', 'there is no nope; there is tags, priority'],
    ['tags.exists(t, other == 1)', 'there is no other'],
    ['priority', 'it is of type string, and must be true or false'],
    ['size(tags)', 'it is of type int, and must be true or false'],
    ['fetch("x")', 'there is no function fetch'],
    ['title.lowerAscii() == "x"', 'there is no function lowerAscii'],
    ['priority == 3', '== cannot be used with string and int'],
    ['tags == "billing"', '== cannot be used with list and string'],
    ['requester == null', '== cannot be used with string and null_type'],
    ['tags > 3', '> cannot be used with list and int'],
    ['3 in tags', 'in cannot be used with int and list'],
    ['tags[0] == 3', '== cannot be used with string and int'],
    ['"x" in priority', 'in cannot be used with string and string'],
    ['title && true', '&& cannot be used with string and bool'],
    ['title ? true : false', '? cannot be used with string'],
    ['priority.level == 1', 'a string has no field level'],
    ['priority.exists(p, true)', 'a string has no elements'],
    ['text.matches("[")', 'matches cannot use "["'],
    ['text.matches(title)', 'matches needs its regular expression as a text in quotes'],
    ['google.protobuf.Int64Value{value: 1} == 1', 'there is no type google.protobuf.Int64Value'],
  ])('finds when it is read that %j cannot be used', (expression, problem) => {
    expect(engine.problemOf(expression)).toContain(problem);
    expect(() => holds(expression)).toThrow(problem);
  });

  it.each([
    ['metadata.gone > 3', 'there is no key gone'],
    ['metadata.name > 3', '> cannot be used with string and int'],
    ['!metadata.size', '! cannot be used with int'],
    ['metadata.size', 'it answers 5, not true or false'],
    ['metadata.name', 'it answers "x", not true or false'],
    ['metadata.list', 'it answers a list, a map or null, not true or false'],
    ['metadata.list[7] == 1', ''],
    ['metadata.size / 0 == 1', 'divide by zero'],
  ])('says why %s cannot be evaluated for this task (rule L1)', (expression, words) => {
    expect(engine.problemOf(expression)).toBeNull();
    expect(() => holds(expression)).toThrow(words);
  });

  it('reaches nothing but the task', () => {
    for (const name of ['process', 'globalThis', 'constructor', '__proto__', 'toString'])
      expect(engine.problemOf(`${name} == 1`)).toContain(`there is no ${name}`);
    for (const key of ['constructor', 'toString', '__proto__'])
      expect(() => holds(`metadata.${key} == 1`)).toThrow(`there is no key ${key}`);
  });

  it('answers the same to the same question, in another engine too (rule B2)', () => {
    const expression = 'metadata.size > 3 && text.matches("Split")';
    expect(createRuleEngine().holds(expression, structuredClone(task))).toBe(holds(expression));
  });
});
