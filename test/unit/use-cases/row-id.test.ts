import { describe, expect, it } from '@jest/globals';
import { rowId } from '../../../src/use-cases/row-id.ts';
import { anId } from '../../support/builders.ts';

describe('rowId', () => {
  it('gives the same task, command and purpose the same id (law 3)', () => {
    expect(rowId(anId(1), 'decide/0', 'delegation')).toBe(rowId(anId(1), 'decide/0', 'delegation'));
    expect(rowId(anId(1), 'decide/0', 'delegation')).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-/);
  });

  it.each([
    [anId(2), 'decide/0', 'delegation'],
    [anId(1), 'decide/1', 'delegation'],
    [anId(1), 'decide/0', 'decision'],
  ])('gives another one to %s, %s, %s', (task, command, purpose) => {
    expect(rowId(task, command, purpose)).not.toBe(rowId(anId(1), 'decide/0', 'delegation'));
  });
});
