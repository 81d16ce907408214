import type { Actor } from '../actor.ts';
import type { Change } from '../change.ts';
import type { Question, Task } from '../task.ts';
import type { TaskAggregate } from '../task-aggregate.ts';
import { leaseConflict } from './lease-rules.ts';
import { DONE, type Verdict, taskConflict } from './verdict.ts';

const noMoves = { moves: [], opened: null, keepsStep: true, detail: {} } as const satisfies Partial<Change>;

/** A worker asks a person; it keeps its lease and its slot, and the task waits in the inbox (rule W8). */
export function ask(aggregate: TaskAggregate, actor: Actor, leaseId: string, text: string): Verdict {
  const { task, now } = aggregate;
  const conflict = leaseConflict(aggregate, actor, { leaseId });
  if (conflict !== null) return conflict;
  const open = openQuestion(task);
  if (open !== undefined) return open.text === text ? DONE : taskConflict(task, ': it waits for another answer');
  const asked: Question = {
    text,
    askedBy: actor.name,
    leaseId,
    askedAt: now.toISOString(),
    answer: null,
    answeredBy: null,
  };
  const move = { status: 'blocked', blockedOn: 'question', questions: [...task.questions, asked] } as const;
  return { kind: 'change', change: { ...noMoves, type: 'question_asked', actor, task: move } };
}

/** A person answers: the task goes back to its worker, or to the queue if the worker has gone (rule W8). */
export function answer({ task, lease }: TaskAggregate, actor: Actor, text: string): Verdict {
  const open = openQuestion(task);
  if (open === undefined) {
    const last = task.questions.at(-1);
    const isRepeat = last?.answer === text && last.answeredBy === actor.name;
    return isRepeat ? DONE : taskConflict(task, ': it has no open question');
  }
  const questions = task.questions.map((each) =>
    each === open ? { ...each, answer: text, answeredBy: actor.name } : each,
  );
  const status = lease === null ? 'queued' : 'in_progress';
  return { kind: 'change', change: { ...noMoves, type: 'question_answered', actor, task: { status, questions } } };
}

/** The question that the task waits for, the last one; none unless it is blocked on one. Those that the task has left behind stay unanswered. */
export function openQuestion({ questions, status, blockedOn }: Task): Question | undefined {
  if (status !== 'blocked' || blockedOn !== 'question') return undefined;
  return questions.findLast((each) => each.answer === null);
}
