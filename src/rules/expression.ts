import type { parse } from '@bufbuild/cel';

/** A node of a parsed expression. */
export type Expr = ReturnType<typeof parse>['expr'];
export type Call = Extract<Expr['exprKind'], { case: 'callExpr' }>['value'];
export type Comprehension = Extract<Expr['exprKind'], { case: 'comprehensionExpr' }>['value'];

/** Everything right below a node, in the order in which it is evaluated. */
export function partsOf({ exprKind }: Expr): readonly Expr[] {
  switch (exprKind.case) {
    case 'selectExpr':
      return present(exprKind.value.operand);
    case 'callExpr':
      return [...present(exprKind.value.target), ...exprKind.value.args];
    case 'listExpr':
      return exprKind.value.elements;
    case 'structExpr':
      return exprKind.value.entries.flatMap(({ keyKind, value }) => [
        ...present(keyKind.case === 'mapKey' ? keyKind.value : undefined),
        ...present(value),
      ]);
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
      return [iterRange, accuInit, loopCondition, loopStep, result].flatMap(present);
    }
    case 'constExpr':
    case 'identExpr':
    case undefined:
      return [];
  }
}

/** How many nodes there are. */
export function nodesIn(expr: Expr): number {
  return partsOf(expr).reduce((sum, part) => sum + nodesIn(part), 1);
}

/** How many macros stand within one another; what a macro goes through is beside it, not within. */
export function macroDepth(expr: Expr): number {
  const { exprKind } = expr;
  if (exprKind.case !== 'comprehensionExpr') return Math.max(0, ...partsOf(expr).map(macroDepth));
  const { iterRange } = exprKind.value;
  const within = partsOf(expr).filter((part) => part !== iterRange);
  return Math.max(iterRange === undefined ? 0 : macroDepth(iterRange), 1 + Math.max(0, ...within.map(macroDepth)));
}

/** The text of a literal; null if it is none. */
export function literalText({ exprKind }: Expr): string | null {
  if (exprKind.case !== 'constExpr') return null;
  const { constantKind } = exprKind.value;
  return constantKind.case === 'stringValue' ? constantKind.value : null;
}

function present(expr: Expr | undefined): readonly Expr[] {
  return expr === undefined ? [] : [expr];
}
