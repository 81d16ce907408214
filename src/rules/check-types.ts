import type { CelEnv, CelFunc } from '@bufbuild/cel';
import { type Call, type Comprehension, type Expr, literalText, partsOf } from './expression.ts';
import type { Patterns } from './patterns.ts';
import { VARIABLES } from './task-variables.ts';

/** The name of a type; `dyn` is what is known only when the expression is evaluated. */
type Kind = string;

interface Known {
  readonly env: CelEnv;
  readonly patterns: Patterns;
  readonly names: ReadonlyMap<string, Kind>;
}

const TYPE_NAMES = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'list', 'map', 'null_type', 'type'];
const NUMBERS = ['int', 'uint', 'double'];
const CONSTANTS: Readonly<Record<string, Kind>> = {
  boolValue: 'bool',
  int64Value: 'int',
  uint64Value: 'uint',
  doubleValue: 'double',
  stringValue: 'string',
  bytesValue: 'bytes',
  nullValue: 'null_type',
};

/** Finds the type of an expression; throws, in words, where it can never be evaluated. */
export function createTypeCheck(env: CelEnv, patterns: Patterns): (expr: Expr) => Kind {
  const types = TYPE_NAMES.map((name): [string, Kind] => [name, 'type']);
  const names = new Map([...types, ...Object.entries<Kind>(VARIABLES)]);
  return (expr) => kindOf(expr, { env, patterns, names });
}

function kindOf(expr: Expr, known: Known): Kind {
  const { exprKind } = expr;
  switch (exprKind.case) {
    case 'constExpr':
      return CONSTANTS[exprKind.value.constantKind.case ?? ''] ?? 'dyn';
    case 'identExpr':
      return known.names.get(exprKind.value.name) ?? unknownName(exprKind.value.name);
    case 'selectExpr': {
      const [kind = 'dyn'] = kindsOf(partsOf(expr), known);
      if (kind !== 'dyn' && kind !== 'map')
        throw new TypeError(`a ${nameOf(kind)} has no field ${exprKind.value.field}`);
      return exprKind.value.testOnly ? 'bool' : 'dyn';
    }
    case 'callExpr':
      return kindOfCall(exprKind.value, known);
    case 'listExpr':
      kindsOf(partsOf(expr), known);
      return 'list';
    case 'structExpr':
      if (exprKind.value.messageName !== '') throw new TypeError(`there is no type ${exprKind.value.messageName}`);
      kindsOf(partsOf(expr), known);
      return 'map';
    case 'comprehensionExpr':
      return kindOfMacro(exprKind.value, known);
    case undefined:
      return 'dyn';
  }
}

function kindsOf(exprs: readonly Expr[], known: Known): readonly Kind[] {
  return exprs.map((each) => kindOf(each, known));
}

function unknownName(name: string): never {
  throw new TypeError(`there is no ${name}; there is ${Object.keys(VARIABLES).join(', ')}`);
}

function kindOfCall(call: Call, known: Known): Kind {
  const target = call.target === undefined ? null : kindOf(call.target, known);
  const kinds = kindsOf(call.args, known);
  const [first = 'dyn', second = 'dyn', third = 'dyn'] = kinds;
  switch (call.function) {
    case '@not_strictly_false':
      return 'bool';
    case '_&&_':
    case '_||_':
      return kinds.every(isBool) ? 'bool' : refuse(call.function, kinds);
    case '_?_:_':
      if (!isBool(first)) return refuse('?', [first]);
      return second === third ? second : 'dyn';
    case '_[_]':
      return first === 'list<string>' ? 'string' : 'dyn';
    case '_==_':
    case '_!=_':
      return canBeEqual(first, second) ? 'bool' : refuse(call.function, kinds);
    case '@in':
      if (second === 'list<string>' && !canBeEqual(first, 'string')) return refuse(call.function, kinds);
      break;
    case 'matches':
      checkPattern(call.args[0], known.patterns);
      break;
    default:
  }
  return kindOfAnswer(call.function, target, kinds, known.env);
}

function kindOfAnswer(name: string, target: Kind | null, kinds: readonly Kind[], env: CelEnv): Kind {
  const group = env.funcs.find(name);
  if (group === undefined) throw new TypeError(`there is no function ${name}`);
  const fitting = [...group].filter((func) => fits(func, target, kinds));
  if (fitting.length === 0) return refuse(name, target === null ? kinds : [target, ...kinds]);
  const [result = 'dyn', ...others] = new Set(fitting.map((func) => func.result.name));
  return others.length === 0 ? result : 'dyn';
}

function kindOfMacro(macro: Comprehension, known: Known): Kind {
  const { iterRange, accuInit, loopStep, loopCondition, result, iterVar, accuVar } = macro;
  const range = iterRange === undefined ? 'dyn' : kindOf(iterRange, known);
  if (!['dyn', 'map', 'list'].includes(nameOf(range))) throw new TypeError(`a ${range} has no elements`);
  const start = accuInit === undefined ? 'dyn' : kindOf(accuInit, known);
  const element = range === 'list<string>' ? 'string' : 'dyn';
  const within = { ...known, names: new Map([...known.names, [iterVar, element], [accuVar, start]]) };
  for (const part of [loopCondition, loopStep]) if (part !== undefined) kindOf(part, within);
  return result === undefined ? start : kindOf(result, within);
}

function checkPattern(pattern: Expr | undefined, patterns: Patterns): void {
  const text = pattern === undefined ? null : literalText(pattern);
  if (text === null) throw new TypeError('matches needs its regular expression as a text in quotes');
  try {
    patterns.get(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TypeError(`matches cannot use ${JSON.stringify(text)}: ${why}`, { cause: error });
  }
}

function fits(func: CelFunc, target: Kind | null, kinds: readonly Kind[]): boolean {
  const { target: receiver, arguments: parameters } = func;
  if ((receiver === undefined) !== (target === null) || parameters.length !== kinds.length) return false;
  const isFor = (kind: Kind, wanted: string): boolean => wanted === 'dyn' || kind === 'dyn' || nameOf(kind) === wanted;
  const isForTarget = receiver === undefined || target === null || isFor(target, receiver.name);
  return isForTarget && parameters.every((parameter, index) => isFor(kinds[index] ?? 'dyn', parameter.name));
}

function canBeEqual(a: Kind, b: Kind): boolean {
  const [left, right] = [nameOf(a), nameOf(b)];
  return left === 'dyn' || right === 'dyn' || left === right || (NUMBERS.includes(left) && NUMBERS.includes(right));
}

function isBool(kind: Kind): boolean {
  return kind === 'bool' || kind === 'dyn';
}

function nameOf(kind: Kind): string {
  return kind.replace(/<.*$/, '');
}

function refuse(name: string, kinds: readonly Kind[]): never {
  throw new TypeError(`${operatorWord(name)} cannot be used with ${kinds.map(nameOf).join(' and ')}`);
}

/** An operator or function as a person writes it. */
export function operatorWord(name: string): string {
  return name.replaceAll(/[@_]/g, '');
}
