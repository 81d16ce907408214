import { rests, restsOffered } from './at-rest.ts';
import { type Bench, type DrainHandle, type ReconcileHandle, type TaskHandle, resultOf, update } from './bench.ts';
import { ended } from './ended.ts';
import { holdNext } from './gate.ts';
import { AUTO, MANUAL, type Tree } from './tree.ts';
import { WORK_SCENARIOS } from './work-scenarios.ts';

const HURRIED: Tree = { ...MANUAL, billing: { scope: 'project', acceptance: 'manual', timeoutSeconds: 1 } };

/** Lives of tasks that together go through every branch of the workflow; each one is over when it answers. */
export const SCENARIOS: Readonly<
  Record<string, (bench: Bench) => Promise<TaskHandle | DrainHandle | ReconcileHandle>>
> = {
  async 'accepts-by-itself'(bench) {
    const begun = await bench.begin({ tree: AUTO });
    const { handle, row } = begun;
    await rests(begun, 'queued');
    await update(handle, 'completeTask', { by: 'ana', delegationId: row.chain.at(-1)?.id, result: { pages: 3 } });
    return ended(handle, 'completed');
  },

  async 'accepted-by-hand'(bench) {
    const begun = await bench.begin();
    const { handle } = begun;
    await update(handle, 'acceptDelegation', { delegationId: await restsOffered(begun, 'billing'), by: 'ana' });
    const delegationId = await restsOffered(begun, 'agents');
    await update(handle, 'acceptDelegation', { delegationId, by: 'bo' });
    await update(handle, 'completeTask', { delegationId, by: 'bo' });
    return ended(handle, 'completed');
  },

  async 'refused-and-decided-anew'(bench) {
    const begun = await bench.begin();
    const { handle } = begun;
    const refused = await restsOffered(begun, 'billing');
    await handle.signal('rejectDelegation', { delegationId: refused, by: 'ana', reason: 'no budget', code: 'budget' });
    const delegationId = await restsOffered(begun, 'shipping');
    await handle.signal('acceptDelegation', { delegationId: refused, by: 'late' });
    await handle.signal('acceptDelegation', { by: 'nobody says what' });
    await handle.signal('acceptDelegation', { delegationId, by: 'bo' });
    await rests(begun, 'queued');
    await handle.signal('completeTask', { delegationId, by: 'bo' });
    return ended(handle, 'completed');
  },

  async 'offer-expired'(bench) {
    const begun = await bench.begin({ tree: HURRIED });
    const { handle, row } = begun;
    await restsOffered(begun, 'billing');
    row.lagMs = 1_000;
    await restsOffered(begun, 'shipping');
    await update(handle, 'cancelTask', { by: 'ana' });
    return ended(handle, 'cancelled');
  },

  async 'cancelled-in-temporal'(bench) {
    const begun = await bench.begin();
    const { handle, row } = begun;
    const delegationId = await restsOffered(begun, 'billing');
    const held = holdNext(row, 'applyCommand');
    await handle.signal('acceptDelegation', { delegationId, by: 'ana' });
    await held.reached;
    await handle.cancel();
    held.release();
    return ended(handle, 'cancelled');
  },

  async 'moved-by-people'(bench) {
    const begun = await bench.begin();
    const { handle } = begun;
    await restsOffered(begun, 'billing');
    await update(handle, 'rerouteTask', { by: 'ana', reason: 'ask again' });
    await restsOffered(begun, 'billing');
    await update(handle, 'reassignTask', { by: 'ana', targetInstanceId: 'people', notes: 'by hand' });
    await update(handle, 'acceptDelegation', { delegationId: await restsOffered(begun, 'people'), by: 'bo' });
    await rests(begun, 'queued');
    await update(handle, 'escalateTask', { by: 'bo', reason: 'too hard' });
    const delegationId = await restsOffered(begun, 'billing');
    await update(handle, 'acceptDelegation', { delegationId, by: 'cy' });
    await update(handle, 'reassignTask', { by: 'ana', targetInstanceId: 'shipping' });
    const last = await restsOffered(begun, 'shipping');
    await update(handle, 'acceptDelegation', { delegationId: last, by: 'di' });
    await update(handle, 'failTask', { delegationId: last, by: 'di', reason: 'the paper is lost' });
    return ended(handle, 'failed');
  },

  async 'changed-behind-its-back'(bench) {
    const begun = await bench.begin();
    const { handle, row } = begun;
    await restsOffered(begun, 'billing');
    await row.behindItsBack({ kind: 'reassign', targetInstanceId: 'shipping', delegationType: 'reassign' });
    await handle.signal('reread');
    await restsOffered(begun, 'shipping');
    await row.behindItsBack({ kind: 'reroute' });
    await update(handle, 'cancelTask', { by: 'ana' });
    return ended(handle, 'cancelled');
  },

  async 'all-at-once'(bench) {
    const begun = await bench.begin();
    const { handle, row, taskId } = begun;
    await restsOffered(begun, 'billing');
    const held = holdNext(row, 'readTask');
    await handle.signal('reread');
    await held.reached;
    const [toBilling, toAgents] = [`${taskId}/decide/0`, `${taskId}/decide/2`];
    await handle.signal('acceptDelegation', { by: 'ana', delegationId: toBilling });
    await handle.signal('acceptDelegation', { by: 'late', delegationId: toBilling });
    await handle.signal('acceptDelegation', { by: 'bo', delegationId: toAgents });
    await handle.signal('reread');
    await handle.signal('completeTask', { by: 'bo', delegationId: toAgents });
    held.release();
    return ended(handle, 'completed');
  },

  async 'left-an-instance-that-stops'(bench) {
    const begun = await bench.begin();
    const { handle, row } = begun;
    const leave = (instanceId: string) => {
      row.stopping.add(instanceId);
      return update(handle, 'leaveInstance', { by: 'hopper', instanceId, reason: `${instanceId} is stopping` });
    };
    await restsOffered(begun, 'billing');
    await leave('billing');
    const delegationId = await restsOffered(begun, 'shipping');
    await update(handle, 'acceptDelegation', { delegationId, by: 'ana' });
    await rests(begun, 'queued');
    await leave('global');
    await leave('shipping');
    await rests(begun, 'blocked');
    await handle.cancel();
    return ended(handle, 'cancelled');
  },

  async 'drained-in-passes'(bench) {
    const { drain, handle } = await bench.beginDrain([3, 2, 0]);
    drain.surprises = 1;
    const { status } = await handle.result();
    if (status !== 'stopped') throw new Error(`it ended ${String(status)}`);
    return handle;
  },

  async 'looked-through-in-pages'(bench) {
    const { handle } = await bench.beginReconcile(3);
    const { started } = await handle.result();
    if (started !== 3) throw new Error(`it started ${String(started)}`);
    return handle;
  },

  async 'outlasts-an-outage'(bench) {
    let failures = 4;
    const begun = await bench.begin({
      tree: AUTO,
      arrange: (row) => {
        row.around = (_call, proceed) => {
          failures -= 1;
          return failures >= 0 ? Promise.reject(new Error('the database is away')) : proceed();
        };
      },
    });
    await rests(begun, 'queued');
    await begun.handle.cancel();
    return ended(begun.handle, 'cancelled');
  },

  async 'put-on-record-by-the-workflow'(bench) {
    const begun = await bench.begin({ isOnRecord: false });
    const { handle } = begun;
    await restsOffered(begun, 'billing');
    await update(handle, 'cancelTask', { by: 'ana' });
    return ended(handle, 'cancelled');
  },

  async 'wrong-input'(bench) {
    const handle = await bench.start('task/7', { task: { id: 7, title: '' } });
    await resultOf(handle).catch(() => undefined);
    return handle;
  },

  async 'continued-as-new'(bench) {
    const begun = await bench.begin();
    const { handle, row } = begun;
    await restsOffered(begun, 'billing');
    for (let reads = 1; (await handle.describe()).runId === handle.firstExecutionRunId; reads += 1) {
      await handle.signal('reread');
      await row.untilReads(reads);
    }
    await handle.cancel();
    return ended(handle, 'cancelled');
  },

  ...WORK_SCENARIOS,
};
