import type { Explanation } from './explanation.ts';
import type { ExplainFacts } from './facts.ts';
import { whoIsNotAsked } from './not-asked.ts';
import { standOf } from './stand.ts';
import { whereIs } from './where.ts';
import { whyThere } from './why.ts';

/** Where a task is, why it went there, and what it waits for, in every state (rule X1). */
export function explainTask(facts: ExplainFacts): Explanation {
  const { task } = facts;
  const { headline, waitsFor, ended } = standOf(facts);
  return {
    taskId: task.id,
    title: task.title,
    status: task.status,
    headline,
    where: whereIs(facts),
    why: whyThere(facts),
    whyLeftOut: facts.decisionsLeftOut,
    waitsFor,
    notAsked: whoIsNotAsked(facts),
    ended,
  };
}
