import { describe, expect, it } from '@jest/globals';
import { complexityOf } from '../../../../src/domain/scopes/complexity.ts';
import { aPolicy, aTask } from '../../../support/builders.ts';

const { project } = aPolicy();

describe('complexityOf', () => {
  it.each([
    [null, 0],
    [0, 0],
    [59, 0],
    [60, 1],
    [179, 2],
    [300, 5],
    [10_000, 5],
  ])('counts %p minutes as %i: whole hours, five at most (rule P2)', (estimatedDuration, complexity) => {
    expect(complexityOf(aTask({ estimatedDuration }), project)).toBe(complexity);
  });

  it.each([
    [['a', 'b', 'c'], 3],
    [[], 0],
    ['three', 0],
    [{ length: 9 }, 0],
    [null, 0],
  ])('counts the subtasks %j as %i (rule P2)', (subtasks, complexity) => {
    expect(complexityOf(aTask({ metadata: { subtasks } }), project)).toBe(complexity);
  });

  it.each(['multi-step', 'automation', 'complex', 'czarina', ' Complex '])(
    'adds two for the tag %j (rule P2)',
    (tag) => {
      expect(complexityOf(aTask({ tags: ['x', tag] }), project)).toBe(2);
    },
  );

  it('adds the weight once, however many tags mark the task (rule P2)', () => {
    expect(complexityOf(aTask({ tags: ['complex', 'czarina', 'automation'] }), project)).toBe(2);
  });

  it('adds all three up', () => {
    const task = aTask({ estimatedDuration: 125, metadata: { subtasks: [1, 2] }, tags: ['complex'] });
    expect(complexityOf(task, project)).toBe(6);
  });

  it.each([
    [{ complexity_max_hours: 1 }, 1 + 2],
    [{ complexity_tag_weight: 10 }, 3 + 10],
    [{ complexity_tags: ['other'] }, 3],
  ])('follows the policy %j', (section, complexity) => {
    const policy = aPolicy({ project: section }).project;
    expect(complexityOf(aTask({ estimatedDuration: 180, tags: ['complex'] }), policy)).toBe(complexity);
  });
});
