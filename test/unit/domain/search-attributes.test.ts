import { describe, expect, it } from '@jest/globals';
import { SEARCH_ATTRIBUTES, attributesOf, phaseOf } from '../../../src/domain/search-attributes.ts';
import type { TaskSnapshot } from '../../../src/domain/task-snapshot.ts';
import { TASK_STATUSES } from '../../../src/domain/task.ts';
import { ORCHESTRATION_ID, anId } from '../../support/builders.ts';

const SNAPSHOT: TaskSnapshot = {
  taskId: anId(1),
  title: 'a secret title',
  tags: ['billing'],
  status: 'queued',
  blockedOn: null,
  step: 3,
  entryInstanceId: anId(2),
  holder: { id: ORCHESTRATION_ID, name: 'builders', scope: 'orchestration' },
  project: 'billing',
  offer: null,
  links: [],
  why: 'in the execution queue',
  failure: null,
};

describe('phaseOf', () => {
  it('gives every status its phase', () => {
    expect(Object.fromEntries(TASK_STATUSES.map((status) => [status, phaseOf(status)]))).toEqual({
      routing: 'routing',
      offered: 'offered',
      queued: 'at_work',
      in_progress: 'at_work',
      waiting: 'waiting',
      blocked: 'blocked',
      completed: 'done',
      failed: 'done',
      rejected: 'done',
      cancelled: 'done',
    });
  });
});

describe('attributesOf', () => {
  it('says where the task is, and has a value for every attribute that is registered', () => {
    expect(attributesOf(SNAPSHOT)).toEqual({
      HopperPhase: 'at_work',
      HopperScope: 'orchestration',
      HopperInstance: 'builders',
      HopperProject: 'billing',
      HopperTags: ['billing'],
      HopperHops: 0,
      HopperStep: 3,
    });
    expect(Object.keys(attributesOf(SNAPSHOT))).toEqual(Object.keys(SEARCH_ATTRIBUTES));
  });

  it('never shows the title, because search attributes are never encrypted', () => {
    expect(JSON.stringify(attributesOf(SNAPSHOT))).not.toContain('secret');
  });
});
