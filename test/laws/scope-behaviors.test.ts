import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBehaviorFactory } from '../../src/domain/scopes/behavior-factory.ts';
import { decideAt } from '../../src/domain/scopes/decide-at.ts';
import { globalScope } from '../../src/domain/scopes/global-scope.ts';
import { orchestrationScope } from '../../src/domain/scopes/orchestration-scope.ts';
import { projectScope } from '../../src/domain/scopes/project-scope.ts';
import { byTags, leastBusy, matchingTags, roundRobin } from '../../src/domain/scopes/ranking.ts';
import type { RoutingView } from '../../src/domain/scopes/scope-behavior.ts';
import { aCandidate, anId } from '../support/builders.ts';
import { anyPolicy, anyTask, anyView } from './arbitraries.ts';

const factory = createBehaviorFactory();
const anyInput = fc.tuple(anyTask, anyView, anyPolicy);
const reversed = (view: RoutingView): RoutingView => ({ ...view, candidates: view.candidates.toReversed() });

/** What was decided, without the order in which the candidates stand on record. */
function essence({ candidates, ...decision }: ReturnType<typeof decideAt>): unknown {
  return { ...decision, candidates: candidates.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1)) };
}

describe('globalScope', () => {
  it('never executes and never queues (rule G1)', () => {
    fc.assert(
      fc.property(anyInput, ([task, view, { global }]) => {
        expect(['delegate', 'reject', 'wait']).toContain(globalScope.handleIncomingTask(task, view, global).action);
      }),
    );
  });
});

describe('projectScope', () => {
  it('executes or delegates without a rule, and delegates only what it wants to (rule P1)', () => {
    fc.assert(
      fc.property(anyInput, ([task, ruled, { project }]) => {
        const view = { ...ruled, ruled: null };
        const { action } = projectScope.handleIncomingTask(task, view, project);
        expect(['execute', 'delegate', view.postponed > 0 ? 'wait' : 'execute']).toContain(action);
        if (action === 'delegate') expect(projectScope.shouldDelegate(task, view, project)).toBe(true);
      }),
    );
  });
});

describe('orchestrationScope', () => {
  it('never delegates (rule O1)', () => {
    fc.assert(
      fc.property(anyInput, ([task, view, { orchestration }]) => {
        expect(orchestrationScope.handleIncomingTask(task, view, orchestration).action).toBe('queue');
        expect(orchestrationScope.findDelegationTarget(task, view, orchestration)).toBeNull();
      }),
    );
  });
});

describe('decideAt', () => {
  it('names only a running candidate, the running project of a wish, or a new instance within the limits (rule R2)', () => {
    fc.assert(
      fc.property(anyInput, ([task, view, policy]) => {
        const decision = decideAt(factory, task, view, policy);
        if ('create' in decision) {
          const limit =
            view.instance.scope === 'global'
              ? policy.global.max_projects
              : policy.project.max_orchestrations_per_project;
          expect(view.liveChildren).toBe(0);
          expect(view.existingChildren).toBeLessThan(limit);
        } else if ('targetId' in decision) {
          const named = view.explicit?.status === 'running' && !view.explicit.hasRefused ? [view.explicit.id] : [];
          expect([...view.candidates.map((each) => each.id), ...named]).toContain(decision.targetId);
        }
      }),
    );
  });

  it('never fails, and holds nothing with the behaviours of the specification (rule F2)', () => {
    fc.assert(
      fc.property(anyInput, ([task, view, policy]) => {
        expect(decideAt(factory, task, view, policy).action).not.toBe('hold');
      }),
    );
  });

  it('creates nothing, rejects nothing and does nothing itself because somebody asked to be asked again later (rule R8)', () => {
    fc.assert(
      fc.property(anyInput, ([task, seen, policy]) => {
        const view = { ...seen, explicit: null, postponed: 1, candidates: [], ruled: null, liveChildren: 1 };
        const decision = decideAt(factory, { ...task, metadata: {} }, view, policy);
        const isRouter =
          ['running', 'paused'].includes(view.instance.status) && view.instance.scope !== 'orchestration';
        const wants = isRouter && decision.strategy !== 'complexity';
        if (wants) expect(decision.action).toBe('wait');
        else expect(decision.action).not.toBe('wait');
      }),
    );
  });

  it('gives a task that a rule requires a target for to nobody else (rule L2)', () => {
    fc.assert(
      fc.property(anyInput, ([task, view, policy]) => {
        const decision = decideAt(factory, { ...task, metadata: {} }, view, policy);
        if (view.ruled?.isRequired !== true || decision.strategy === 'lifecycle' || decision.action === 'queue') return;
        const named = view.ruled.candidates.map((each) => each.id);
        if ('targetId' in decision) expect(named).toContain(decision.targetId);
        else expect(['reject', 'wait']).toContain(decision.action);
      }),
    );
  });

  it('answers the same to the same question (rule B2)', () => {
    fc.assert(
      fc.property(anyInput, ([task, view, policy]) => {
        const again = decideAt(factory, structuredClone(task), structuredClone(view), structuredClone(policy));
        expect(again).toEqual(decideAt(factory, task, view, policy));
      }),
    );
  });

  it('does not depend on the order of the candidates (rule R6)', () => {
    fc.assert(
      fc.property(anyInput, ([task, view, policy]) => {
        const decision = decideAt(factory, task, view, policy);
        expect(essence(decideAt(factory, task, reversed(view), policy))).toEqual(essence(decision));
      }),
    );
  });

  it('changes nothing of what it is given (rule B2)', () => {
    fc.assert(
      fc.property(anyInput, ([task, view, policy]) => {
        const before = structuredClone({ task, view, policy });
        decideAt(factory, task, view, policy);
        expect({ task, view, policy }).toEqual(before);
      }),
    );
  });

  it('gives a reason, and marks at most one candidate as chosen: the target (rule R1)', () => {
    fc.assert(
      fc.property(anyInput, ([task, view, policy]) => {
        const decision = decideAt(factory, task, view, policy);
        const chosen = decision.candidates.filter((each) => each.chosen).map((each) => each.instanceId);
        expect(decision.reason).not.toBe('');
        expect(chosen).toEqual('targetId' in decision ? [decision.targetId] : []);
      }),
    );
  });
});

describe('byTags', () => {
  it('is not changed by a candidate that has nothing to do with the tags (rule R6)', () => {
    fc.assert(
      fc.property(anyInput, ([task, view]) => {
        const stranger = aCandidate({ id: anId(0), name: 'stranger', capabilities: ['#'] });
        fc.pre(matchingTags(task.tags, stranger).length === 0);
        const [without, withStranger] = [view.candidates, [stranger, ...view.candidates]];
        expect(byTags(task.tags, withStranger)?.target).toEqual(byTags(task.tags, without)?.target);
      }),
    );
  });

  it('finds nobody better than its choice (rule R6)', () => {
    fc.assert(
      fc.property(anyInput, ([task, { candidates }]) => {
        const scores = candidates.map((candidate) => matchingTags(task.tags, candidate).length);
        const choice = byTags(task.tags, candidates);
        expect(choice === null ? 0 : choice.scoreOf(choice.target)).toBe(Math.max(0, ...scores));
      }),
    );
  });
});

describe('the shortlist', () => {
  const SHORT = 3;

  it('of the best per criterion gives the same choice as all candidates (rule B3)', () => {
    fc.assert(
      fc.property(anyInput, ([task, { candidates }]) => {
        const best = (pick: (of: typeof candidates) => { target: { id: string } } | null): string[] => {
          const left = [...candidates];
          return Array.from({ length: SHORT }, () => {
            const id = pick(left)?.target.id ?? '';
            left.splice(0, left.length, ...left.filter((each) => each.id !== id));
            return id;
          });
        };
        const ids = new Set([...best((of) => byTags(task.tags, of)), ...best(leastBusy), ...best(roundRobin)]);
        const shortlist = candidates.filter((each) => ids.has(each.id));
        expect(byTags(task.tags, shortlist)?.target).toBe(byTags(task.tags, candidates)?.target);
        expect(leastBusy(shortlist)?.target).toBe(leastBusy(candidates)?.target);
        expect(roundRobin(shortlist)?.target).toBe(roundRobin(candidates)?.target);
      }),
    );
  });
});
