import { type CelInput, isCelError, parse, plan } from '@bufbuild/cel';
import type { RuleEngine } from '../domain/scopes/rules.ts';
import type { TaskToRoute } from '../domain/scopes/scope-behavior.ts';
import { createTypeCheck, operatorWord } from './check-types.ts';
import { type Expr, macroDepth, nodesIn } from './expression.ts';
import { counted } from './counted.ts';
import { createMeteredEnv, spentWords } from './meter.ts';
import { createPatterns } from './patterns.ts';
import { variablesOf } from './task-variables.ts';

/** Limits of an expression, checked when it is read. */
const MAX_NODES = 400;
const MAX_BRACKETS = 40;
const MAX_MACROS = 2;
/** So many expressions are kept ready. */
const REMEMBERED = 2_000;

type Variables = Record<string, CelInput>;
type Compiled = { readonly problem: string } | { readonly problem: null; readonly run: (task: Variables) => unknown };

/** An engine for expressions in CEL; what it answers depends on expression and task alone (rules B2 and L3). */
export function createRuleEngine(): RuleEngine {
  const patterns = createPatterns();
  const { env, meter } = createMeteredEnv(patterns);
  const kindOf = createTypeCheck(env, patterns);
  const known = new Map<string, Compiled>();
  const seen = new WeakMap<TaskToRoute, Variables>();

  const compile = (expression: string): Compiled => {
    try {
      const expr = parsed(expression);
      const kind = kindOf(expr);
      if (kind !== 'bool' && kind !== 'dyn') return { problem: `it is of type ${kind}, and must be true or false` };
      return { problem: null, run: plan(env, counted(expr)) };
    } catch (error) {
      return { problem: firstLine(error) };
    }
  };
  const compiled = (expression: string): Compiled => {
    const found = known.get(expression) ?? compile(expression);
    if (known.size >= REMEMBERED) known.clear();
    known.set(expression, found);
    return found;
  };
  const variables = (task: TaskToRoute): Variables => {
    const found = seen.get(task) ?? variablesOf(task);
    seen.set(task, found);
    return found;
  };

  return {
    problemOf: (expression) => compiled(expression).problem,
    holds(expression, task) {
      const rule = compiled(expression);
      if (rule.problem !== null) throw new TypeError(rule.problem);
      meter.start();
      const answer = withoutTraces(() => rule.run(variables(task)));
      if (meter.isSpent) throw new RangeError(spentWords());
      if (isCelError(answer)) throw new TypeError(evaluationWords(answer.message));
      if (typeof answer !== 'boolean') throw new TypeError(`it answers ${shown(answer)}, not true or false`);
      return answer;
    },
  };
}

/** The parser's time grows with the square of what is open, so that is looked at first. */
function parsed(expression: string): Expr {
  let open = 0;
  for (const character of expression) {
    if ('([{'.includes(character)) open += 1;
    if (')]}'.includes(character)) open -= 1;
    if (open > MAX_BRACKETS) throw new RangeError(`more than ${String(MAX_BRACKETS)} brackets are within one another`);
  }
  const { expr } = parse(expression);
  const nodes = nodesIn(expr);
  if (nodes > MAX_NODES) throw new RangeError(`it has ${String(nodes)} parts, and ${String(MAX_NODES)} are allowed`);
  if (macroDepth(expr) > MAX_MACROS) {
    throw new RangeError(`exists, all, map and filter may be ${String(MAX_MACROS)} within one another, not more`);
  }
  return expr;
}

/** A missing key in a loop is an error for each element, and most of its cost is the trace. */
function withoutTraces<Result>(work: () => Result): Result {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replace(/^<input>:1:/, 'at character ').slice(0, 300);
}

const NO_OVERLOAD = /^found no matching overload for '(.+)' applied to '(?:(.+)\.)?\((.*)\)'/;

function evaluationWords(message: string): string {
  const [, name = '', target, args = ''] = NO_OVERLOAD.exec(message) ?? [];
  if (name === '') return firstLine(message).replace(/^field not found: /, 'there is no key ');
  const kinds = [...(target === undefined ? [] : [target]), ...args.split(', ')];
  return `${operatorWord(name)} cannot be used with ${kinds.join(' and ')}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : 'a list, a map or null';
}
