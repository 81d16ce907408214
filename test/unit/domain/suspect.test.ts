import { describe, expect, it } from '@jest/globals';
import { type Suspect, diagnose } from '../../../src/domain/suspect.ts';
import { anId } from '../../support/builders.ts';

function aSuspect(overrides: Partial<Suspect> = {}): Suspect {
  return { id: anId(1), title: 'a task', status: 'queued', step: 3, isOverdue: false, ...overrides };
}

describe('diagnose', () => {
  it.each([
    ['an open workflow that published the step of the row', { isOpen: true, step: 3 }, 'well'],
    ['an open workflow that is ahead of the row', { isOpen: true, step: 4 }, 'reread'],
    ['an open workflow that missed a write', { isOpen: true, step: 2 }, 'reread'],
    ['an open workflow that published nothing yet', { isOpen: true, step: null }, 'reread'],
    ['no workflow', null, 'start'],
    ['a workflow that was ended', { isOpen: false, step: 3, closedAs: 'TERMINATED' }, 'leave'],
    ['a workflow that saw its task end', { isOpen: false, step: 5, closedAs: 'COMPLETED' }, 'start'],
  ] as const)('an open row with %s: %s → %s (law 2, rule N3)', (_what, published, diagnosis) => {
    expect(diagnose(aSuspect(), published, false)).toBe(diagnosis);
  });

  it.each([
    ['an open workflow, whatever it published', { isOpen: true, step: 3 }, 'reread'],
    ['an ended workflow', { isOpen: false, step: 2 }, 'well'],
    ['no workflow', null, 'well'],
  ] as const)('a final row with %s: %s → %s', (_what, published, diagnosis) => {
    expect(diagnose(aSuspect({ status: 'completed' }), published, true)).toBe(diagnosis);
  });

  it('asks an up-to-date workflow again when it should have gone on', () => {
    expect(diagnose(aSuspect({ isOverdue: true }), { isOpen: true, step: 3 }, false)).toBe('reread');
  });
});
