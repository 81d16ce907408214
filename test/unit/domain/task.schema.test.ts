import { describe, expect, it } from '@jest/globals';
import { TaskCreate, TaskPatch, TaskQuery, TaskStart, TaskWorkflowStart } from '../../../src/domain/task.schema.ts';
import { anId } from '../../support/builders.ts';
import { problemsOf } from './problems.ts';

const title = 'split the invoices';

describe('TaskCreate', () => {
  it('needs a title and nothing else', () => {
    expect(TaskCreate.parse({ title })).toEqual({ title, tags: [], priority: 'medium', metadata: {} });
  });

  it('takes every field of the interface', () => {
    const full = {
      id: anId(1),
      title,
      description: 'one per customer',
      tags: ['billing'],
      priority: 'urgent',
      estimated_duration: 300,
      metadata: { project_id: anId(2), subtasks: ['a'] },
      instance_id: anId(3),
      requester: 'ana',
      external_ref: 'JIRA-1',
      due_at: '2026-03-01T12:00:00Z',
      not_before: '2026-03-01T12:00:00+02:00',
    };
    expect(TaskCreate.parse(full)).toEqual(full);
  });

  it('writes ids in small letters, so that one id has one spelling (rule D9)', () => {
    expect(TaskCreate.parse({ title, id: '0197ABCD-0000-7000-8000-00000000000A' }).id).toBe(
      '0197abcd-0000-7000-8000-00000000000a',
    );
  });

  it.each([
    ['no title', {}, 'title'],
    ['an empty title', { title: '' }, 'title'],
    ['a title of blanks', { title: '   ' }, 'title'],
    ['a title of 501 characters', { title: 'x'.repeat(501) }, 'title'],
    ['a title that is no text', { title: 7 }, 'title'],
    ['a NUL character', { title: 'a\0' }, 'title'],
    ['half of a surrogate pair', { title, description: '\ud83d' }, 'description'],
    ['a description of 50,001 characters', { title, description: 'x'.repeat(50_001) }, 'description'],
    ['an empty tag', { title, tags: ['ok', ' '] }, 'tags.1'],
    ['tags that are no list', { title, tags: 'billing' }, 'tags'],
    ['101 tags', { title, tags: Array.from({ length: 101 }, String) }, 'tags'],
    ['an unknown priority', { title, priority: 'asap' }, 'priority'],
    ['a negative duration', { title, estimated_duration: -1 }, 'estimated_duration'],
    ['half a minute', { title, estimated_duration: 0.5 }, 'estimated_duration'],
    ['a duration beyond the column', { title, estimated_duration: 10_000_001 }, 'estimated_duration'],
    ['metadata that is a list', { title, metadata: [] }, 'metadata'],
    ['a time without a zone', { title, due_at: '2026-03-01T12:00:00' }, 'due_at'],
    ['a day that does not exist', { title, not_before: '2026-02-30T12:00:00Z' }, 'not_before'],
    ['an id that is none', { title, id: '1' }, 'id'],
    ['an instance that is no id', { title, instance_id: 'global' }, 'instance_id'],
  ])('refuses %s and says where', (_what, body, path) => {
    expect(problemsOf(TaskCreate, body)).toEqual([expect.stringMatching(`^${path}: `)]);
  });

  it('refuses unknown fields by name', () => {
    expect(problemsOf(TaskCreate, { title, titel: 'x', status: 'completed' })).toEqual([
      expect.stringMatching(/"titel", "status"/),
    ]);
  });

  it('lists every problem at once', () => {
    const body = { title: '', tags: [7], priority: 'asap', estimated_duration: 'long', id: 'x' };
    const paths = problemsOf(TaskCreate, body).map((problem) => problem.split(':')[0]);
    expect(paths.toSorted()).toEqual(['estimated_duration', 'id', 'priority', 'tags.0', 'title']);
  });
});

describe('TaskStart', () => {
  it('is the same task in camelCase, with its id', () => {
    expect(TaskStart.parse({ id: anId(1), title, estimatedDuration: 5, instanceId: anId(2) })).toMatchObject({
      estimatedDuration: 5,
      instanceId: anId(2),
      tags: [],
    });
    expect(problemsOf(TaskStart, { title })).toEqual([expect.stringMatching(/^id: /)]);
  });

  it('has a field for every field of TaskCreate', () => {
    const camel = (key: string): string => key.replaceAll(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
    expect(Object.keys(TaskStart.shape)).toEqual(Object.keys(TaskCreate.shape).map(camel));
  });
});

describe('TaskWorkflowStart', () => {
  it.each([[undefined], [null], ['x'], [{}], [{ task: {} }], [{ task: { id: anId(1), title }, more: 1 }]])(
    'refuses %j',
    (input) => {
      expect(problemsOf(TaskWorkflowStart, input)).not.toEqual([]);
    },
  );
});

describe('TaskPatch', () => {
  it('takes what may change at any time, and null for no time', () => {
    expect(TaskPatch.parse({ priority: 'low', due_at: null })).toEqual({ priority: 'low', due_at: null });
  });

  it.each([
    ['nothing', {}],
    ['the title', { title }],
  ])('refuses %s', (_what, body) => {
    expect(problemsOf(TaskPatch, body)).not.toEqual([]);
  });
});

describe('TaskQuery', () => {
  it('reads the limit from text, 50 if there is none', () => {
    expect(TaskQuery.parse({ limit: '7' }).limit).toBe(7);
    expect(TaskQuery.parse({}).limit).toBe(50);
  });

  it.each([
    { limit: '0' },
    { limit: '201' },
    { limit: 'many' },
    { status: 'done' },
    { instance_id: 'x' },
    { page: '2' },
  ])('refuses %j', (query) => {
    expect(problemsOf(TaskQuery, query)).toHaveLength(1);
  });
});
