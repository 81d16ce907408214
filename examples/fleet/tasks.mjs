/** The tasks of the example: every tenth is split, half of them by the policy and half by the agent that gets it. */
export function tasksOf(count) {
  return Array.from({ length: count }, (_, index) => taskOf(index + 1));
}

const SCRIPTS = new Map([
  [3, 'fails once'],
  [7, 'needs patience'],
  [11, 'crashes once'],
]);

function taskOf(number) {
  const script = number % 100 === 57 ? 'poison' : (SCRIPTS.get(number % 20) ?? 'works');
  const tags = script === 'needs patience' ? ['quick'] : []; // somebody thought so
  const task = { title: `job ${String(number)}`, tags, estimated_duration: 60 };
  if (number % 20 === 0) return { ...task, metadata: { subtasks: ['sketch', { title: 'finish', after: ['1'] }] } };
  if (number % 20 === 10) return { ...task, metadata: { script: 'splits' } };
  return { ...task, metadata: { script } };
}
