// Takes a task through Hopper with nothing but Temporal's own client: starts it, looks where it is, accepts every offer,
// completes it, and waits for how it ended. docs/temporal-client.md explains each message.
//
//   node examples/temporal-client/task.mjs            against the stack that `npm start` runs in this folder
//   TEMPORAL_ADDRESS=host:port node …/task.mjs        against any other; also TEMPORAL_NAMESPACE, HOPPER_TASK_QUEUE
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';

const BY = 'example'; // who decides; it is recorded with every decision
const ENDED = ['completed', 'failed', 'rejected', 'cancelled'];

const { address, namespace, taskQueue } = await findStack(process.env);
const connection = await Connection.connect({ address });
const client = new Client({ connection, namespace });

// The workflow id is task/ and the task's id, so that a repeated start cannot make a second task.
const task = { id: randomUUID(), title: 'Look through the audit log', tags: ['security'], priority: 'high' };
const handle = await client.workflow.start('taskWorkflow', {
  workflowId: `task/${task.id}`,
  taskQueue,
  args: [{ task }],
  staticSummary: task.title, // the title in the Temporal UI
});
say(`started ${handle.workflowId}`);

const accepted = new Set();
for (;;) {
  const { chain } = await handle.query('delegationChain');
  const { status, waitsFor } = await handle.query('taskState');
  const offer = chain.find((hop) => hop.status === 'pending' && !accepted.has(hop.delegationId));
  if (offer !== undefined) {
    say(`${offer.from.name} offers it to ${offer.to.name}, because ${offer.why}`);
    await handle.signal('acceptDelegation', { delegationId: offer.delegationId, by: BY });
    accepted.add(offer.delegationId);
  } else if (status === 'queued') {
    say(`it waits for ${waitsFor}`);
    await handle.signal('completeTask', { ...holderOf(chain), by: BY, result: { findings: 0 } });
    break;
  } else if (ENDED.includes(status)) break;
  else await sleep(100);
}

const outcome = await handle.result(); // {taskId, status, failure}: the result itself is in Hopper's database
say(`ended ${outcome.status}`);
await connection.close();

/** The delegation by which the task is where it is; a task that was never handed over has none. */
function holderOf(chain) {
  const holder = chain.findLast((hop) => hop.status === 'accepted');
  return holder === undefined ? {} : { delegationId: holder.delegationId };
}

/** Where Temporal is: as the environment says, else as the running stack in this folder says. */
async function findStack(env) {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE = 'default', HOPPER_TASK_QUEUE = 'hopper' } = env;
  if (TEMPORAL_ADDRESS !== undefined)
    return { address: TEMPORAL_ADDRESS, namespace: TEMPORAL_NAMESPACE, taskQueue: HOPPER_TASK_QUEUE };
  const file = join(env.HOPPER_DATA_DIR ?? '.hopper', 'stack.json');
  const stack = JSON.parse(await readFile(file, 'utf8'));
  return { address: stack.temporal_address, namespace: stack.namespace, taskQueue: stack.task_queue };
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
