const FINAL = new Set(['completed', 'failed', 'rejected', 'cancelled']);
const END_EVENT = /^task_(completed|failed|rejected|cancelled)$/;

/** Everything that happened to the tasks and their parts, counted, and whatever is not as it has to be. */
export async function accountOf(client, submitted) {
  const parts = (await Promise.all(submitted.map((id) => partsOf(client, id)))).flat();
  const account = {
    ...{ tasks: submitted.length, parts: parts.length, status: {}, attempts: {} },
    ...{ offers: 0, escalations: 0, split: 0, by: {}, problems: [] },
  };
  for (const id of [...submitted, ...parts]) await count(client, id, account);
  return account;
}

async function partsOf(client, id) {
  const { items } = await client.tasks.list({ parent_task_id: id, limit: 200 });
  const deeper = await Promise.all(items.map((part) => partsOf(client, part.id)));
  return [...items.map((part) => part.id), ...deeper.flat()];
}

async function count(client, id, account) {
  const [task, { chain }, attempts, events] = await Promise.all([
    client.tasks.get(id),
    client.tasks.chain(id),
    client.tasks.attempts(id),
    client.tasks.events(id),
  ]);
  add(account.status, task.status);
  if (task.join !== null) account.split += 1;
  if (task.finished_by !== null && task.status === 'completed') add(account.by, task.finished_by.replace(/-.*/, ''));
  for (const attempt of attempts.items) add(account.attempts, attempt.outcome ?? 'open');
  account.offers += chain.filter((hop) => hop.delegation_type === 'route').length;
  account.escalations += chain.filter((hop) => hop.delegation_type === 'escalate').length;
  const ends = events.items.filter((event) => END_EVENT.test(event.type)).length;
  if (!FINAL.has(task.status)) account.problems.push(`${task.title} (${id}) is still ${task.status}`);
  else if (ends !== 1) account.problems.push(`${task.title} (${id}) ended ${String(ends)} times`);
}

function add(counts, key) {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** The account in words, one line for each question. */
export function wordsOf({ tasks, parts, status, attempts, offers, escalations, split, by, problems }, seconds) {
  const list = (counts) =>
    Object.entries(counts)
      .toSorted(([, a], [, b]) => b - a)
      .map(([key, number]) => `${String(number)} ${key}`)
      .join(', ');
  return [
    `${String(tasks)} tasks, ${String(split)} of them split into ${String(parts)} parts, in ${seconds.toFixed(1)} s`,
    `ended:        ${list(status)}`,
    `attempts:     ${list(attempts)}`,
    `routed:       ${String(offers)} times, ${String(escalations)} times sent back up and routed anew`,
    `completed by: ${list(by)}`,
    problems.length === 0 ? 'every task is in one final state' : problems.join('\n'),
  ];
}
