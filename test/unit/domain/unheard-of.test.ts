import { describe, expect, it } from '@jest/globals';
import { applyDecision } from '../../../src/domain/commands/apply-decision.ts';
import { judge } from '../../../src/domain/commands/judge.ts';
import { leave } from '../../../src/domain/commands/leave-instance.ts';
import { climbed } from '../../../src/domain/commands/move-task.ts';
import { joined } from '../../../src/domain/parts/join.ts';
import { phaseOf } from '../../../src/domain/search-attributes.ts';
import { NOW, aTarget, aWorkPolicy, anActor, anAggregate } from '../../support/builders.ts';

const ana = anActor('ana');

/** What the compiler rules out may still come from a newer version of Hopper: it must stop, not be guessed at. */
describe('a value that this version does not know', () => {
  it.each<[string, () => unknown]>([
    ['a command', () => judge(anAggregate(), ana, { kind: 'dance' } as never, null, aWorkPolicy())],
    [
      'an action',
      () => applyDecision(anAggregate(), { action: 'dance' } as never, null, { onUnroutable: 'hold', retryAt: null }),
    ],
    [
      'an order for due times that were missed',
      () => {
        const late = anAggregate({ dueAt: NOW });
        const command = { kind: 'overdue', dueAt: NOW.toISOString() } as const;
        return judge(late, ana, command, null, aWorkPolicy({ onDueMissed: 'dance' as never }));
      },
    ],
    ['a join', () => joined('dance' as never, [])],
    ['a status', () => phaseOf('dancing' as never)],
    [
      'a status at an instance that stops',
      () => {
        const here = anAggregate({ status: 'dancing' as never });
        const stopping = aTarget({ id: here.task.instanceId, status: 'stopping' });
        return leave(here, ana, { kind: 'leave', instanceId: stopping.id, reason: 'stops' }, stopping);
      },
    ],
  ])('is refused with its name: %s', (_what, use) => {
    expect(use).toThrow(/danc/);
  });

  it('and a change that makes no sense is refused before it is written', () => {
    const delegate = { action: 'delegate', targetId: 'x', reason: 'r', strategy: 's', candidates: [] } as const;
    const unchosen = { onUnroutable: 'hold', retryAt: null } as const;
    expect(() => applyDecision(anAggregate(), delegate, null, unchosen)).toThrow('needs a target');
    expect(() => climbed(anAggregate(), ana, 'too hard')).toThrow('cannot climb');
  });
});
