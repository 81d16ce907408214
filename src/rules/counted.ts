import { type Comprehension, type Expr, nodesIn } from './expression.ts';
import { RANGE, STEP } from './meter.ts';

/** The expression with its loops counting: each turn costs as many steps as the loop has parts. */
export function counted(expr: Expr): Expr {
  const { exprKind } = expr;
  switch (exprKind.case) {
    case 'selectExpr': {
      const { value } = exprKind;
      return { ...expr, exprKind: { ...exprKind, value: { ...value, ...all(value, ['operand']) } } };
    }
    case 'callExpr': {
      const { value } = exprKind;
      const args = value.args.map(counted);
      return { ...expr, exprKind: { ...exprKind, value: { ...value, args, ...all(value, ['target']) } } };
    }
    case 'listExpr': {
      const { value } = exprKind;
      return { ...expr, exprKind: { ...exprKind, value: { ...value, elements: value.elements.map(counted) } } };
    }
    case 'structExpr': {
      const { value } = exprKind;
      const entries = value.entries.map((entry) => ({
        ...entry,
        ...all(entry, ['value']),
        keyKind:
          entry.keyKind.case === 'mapKey' ? { ...entry.keyKind, value: counted(entry.keyKind.value) } : entry.keyKind,
      }));
      return { ...expr, exprKind: { ...exprKind, value: { ...value, entries } } };
    }
    case 'comprehensionExpr': {
      const { value } = exprKind;
      return { ...expr, exprKind: { ...exprKind, value: countedLoop(expr, value) } };
    }
    case 'constExpr':
    case 'identExpr':
    case undefined:
      return expr;
  }
}

function countedLoop(loop: Expr, value: Comprehension): Comprehension {
  const within = all(value, ['accuInit', 'loopStep', 'result']);
  const { loopCondition, iterRange } = value;
  if (loopCondition === undefined || iterRange === undefined) return { ...value, ...within };
  return {
    ...value,
    ...within,
    iterRange: call(iterRange, RANGE, [counted(iterRange)]),
    loopCondition: call(loopCondition, STEP, [counted(loopCondition), whole(loop, nodesIn(loop))]),
  };
}

function call(like: Expr, name: string, args: Expr[]): Expr {
  return { ...like, exprKind: { case: 'callExpr', value: { $typeName: 'cel.expr.Expr.Call', function: name, args } } };
}

function whole(like: Expr, number: number): Expr {
  const constantKind = { case: 'int64Value', value: BigInt(number) } as const;
  return { ...like, exprKind: { case: 'constExpr', value: { $typeName: 'cel.expr.Constant', constantKind } } };
}

/** The named parts that are there, each counted. */
function all<Part extends string>(
  whole: Readonly<Partial<Record<Part, Expr | undefined>>>,
  names: readonly Part[],
): Partial<Record<Part, Expr>> {
  const parts: Partial<Record<Part, Expr>> = {};
  for (const name of names) {
    const part = whole[name];
    if (part !== undefined) parts[name] = counted(part);
  }
  return parts;
}
