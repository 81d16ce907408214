import { describe, expect, it } from '@jest/globals';
import {
  AcceptBody,
  CompleteDelegationBody,
  RejectBody,
  TaskDelegationCreate,
} from '../../../src/domain/delegation.schema.ts';
import { anId } from '../../support/builders.ts';
import { problemsOf } from './problems.ts';

describe('TaskDelegationCreate', () => {
  const target_instance_id = anId(2);

  it('reassigns unless told otherwise', () => {
    expect(TaskDelegationCreate.parse({ target_instance_id })).toEqual({
      target_instance_id,
      delegation_type: 'reassign',
    });
  });

  it.each([
    ['no target', {}, 'target_instance_id'],
    ['a target that is no id', { target_instance_id: 'billing' }, 'target_instance_id'],
    ['an unknown type', { target_instance_id, delegation_type: 'throw' }, 'delegation_type'],
    ['notes that are too long', { target_instance_id, notes: 'x'.repeat(10_001) }, 'notes'],
  ])('refuses %s', (_what, body, path) => {
    expect(problemsOf(TaskDelegationCreate, body)).toEqual([expect.stringMatching(`^${path}: `)]);
  });
});

describe('AcceptBody', () => {
  it('may be empty, and has nothing but notes', () => {
    expect(AcceptBody.parse({})).toEqual({});
    expect(problemsOf(AcceptBody, { note: 'x' })).toHaveLength(1);
  });
});

describe('RejectBody', () => {
  it.each([{}, { reason: '' }, { reason: ' ' }, { reason: 'x\0' }, { reason: 'x'.repeat(2_001) }])(
    'needs a reason that somebody can read, not %j',
    (body) => {
      expect(problemsOf(RejectBody, body)).toEqual([expect.stringMatching(/^reason: /)]);
    },
  );
});

describe('CompleteDelegationBody', () => {
  it('takes any JSON as a result, and the absence of one', () => {
    expect(CompleteDelegationBody.parse({})).toEqual({});
    expect(CompleteDelegationBody.parse({ result: null })).toEqual({ result: null });
    expect(problemsOf(CompleteDelegationBody, { result: ['\0'] })).toHaveLength(1);
  });
});
