import type { Rule, RuleTarget } from '../rule.schema.ts';
import type { TaskToRoute } from './scope-behavior.ts';

/** Evaluates the expressions of rules: bounded in steps, without side effects. */
export interface RuleEngine {
  /** Why an expression cannot be used; null where it can. */
  problemOf(expression: string): string | null;
  /** Whether the expression holds for the task; throws where it cannot be evaluated for this one. */
  holds(expression: string, task: TaskToRoute): boolean;
}

/** A rule whose expression cannot be used, with the way to it within the list. */
export interface RuleProblem {
  readonly path: readonly [number, 'when'];
  readonly message: string;
}

/** What is wrong with the expressions of rules, found before any task is judged by them (rule L3). */
export function problemsOfRules(rules: readonly Rule[], problemOf: RuleEngine['problemOf']): readonly RuleProblem[] {
  return rules.flatMap(({ when }, index): RuleProblem[] => {
    const problem = problemOf(when);
    return problem === null ? [] : [{ path: [index, 'when'], message: `is no usable expression: ${problem}` }];
  });
}

/** What a rule names, as it is looked up. */
export interface Named {
  readonly by: 'id' | 'name' | 'capability';
  readonly value: string;
}

/** The rule that holds for a task, and what was wrong with those before it. */
export interface AppliedRule {
  readonly name: string;
  readonly isRequired: boolean;
  readonly named: Named;
}

export interface RulesAnswer {
  readonly applied: AppliedRule | null;
  readonly problems: readonly string[];
}

/** The first rule, in the order of the list, that holds for the task; one that cannot be evaluated does not hold (rule L1). */
export function firstRule(rules: readonly Rule[], task: TaskToRoute, engine: RuleEngine): RulesAnswer {
  const problems: string[] = [];
  for (const [index, rule] of rules.entries()) {
    const name = rule.name ?? `rule ${String(index + 1)}`;
    try {
      if (engine.holds(rule.when, task)) return { applied: appliedRule(name, rule), problems };
    } catch (error) {
      problems.push(`${name} cannot be evaluated: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { applied: null, problems };
}

/** A rule's target in words. */
export function namedWords({ by, value }: Named): string {
  return by === 'capability' ? `capability ${value}` : value;
}

function appliedRule(name: string, rule: Rule): AppliedRule {
  const isRequired = rule.require !== undefined;
  return { name, isRequired, named: namedBy(rule.require ?? rule.prefer ?? {}) };
}

function namedBy({ id, name, capability }: RuleTarget): Named {
  if (id !== undefined) return { by: 'id', value: id };
  return name === undefined ? { by: 'capability', value: capability ?? '' } : { by: 'name', value: name };
}
