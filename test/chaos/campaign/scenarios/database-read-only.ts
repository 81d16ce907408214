import { setTimeout as sleep } from 'node:timers/promises';
import { type Hopper, onHopper } from '../ground/hopper.ts';
import { query } from '../ground/in-process.ts';
import { settleLoad, startLoad } from '../load/load.ts';
import { LOAD_TREE } from '../load/tree.ts';
import { type Account, type Ground, type Scenario, bySize } from '../scenario.ts';

/** Sessions hear of a new setting before their next statement, as soon as the signal has come. */
const HEARD_MS = 300;

/** PostgreSQL takes no writes for a while, as a standby does after somebody has switched over. */
export const databaseReadOnly: Scenario = {
  name: 'database-read-only',
  promise:
    'while the database takes no writes they are refused as "later" and reads go on; afterwards nothing is half done',
  run: (ground) => onHopper(ground, { tree: LOAD_TREE }, (hopper) => switchToAndFro(ground, hopper)),
};

async function switchToAndFro(ground: Ground, hopper: Hopper): Promise<Account> {
  const tasks = bySize(ground, { short: 60, usual: 1_000, long: 10_000 });
  const everyMs = bySize(ground, { short: 1_500, usual: 6_000, long: 10_000 });
  const readOnlyMs = bySize(ground, { short: 2_000, usual: 5_000, long: 20_000 });
  const most = bySize(ground, { short: 1, usual: 8, long: Infinity });
  const load = startLoad(ground, hopper, { tasks });
  let times = 0;
  while (!load.isDone() && times < most) {
    await sleep(everyMs, undefined, { signal: ground.stopping });
    if (load.isDone()) break;
    await setReadOnly(hopper, 'on');
    await expectLater(ground, hopper);
    await sleep(readOnlyMs, undefined, { signal: ground.stopping });
    await setReadOnly(hopper, 'off');
    times += 1;
    ground.say(`the database took no writes (${String(times)}), and takes them again`);
  }
  await load.done;
  return { 'times read-only': times, ...(await settleLoad(ground, hopper, load)) };
}

async function setReadOnly({ databaseUrl }: Hopper, value: 'on' | 'off'): Promise<void> {
  await query(databaseUrl, `ALTER SYSTEM SET default_transaction_read_only = ${value}`);
  await query(databaseUrl, 'SELECT pg_reload_conf()');
}

/** A read and a write of our own, beside the load: the read has its answer, the write a "later" that says when. */
async function expectLater(ground: Ground, { apis }: Hopper): Promise<void> {
  const url = `${apis[0]?.url ?? ''}/api/v1`;
  await sleep(HEARD_MS, undefined, { signal: ground.stopping });
  const read = await fetch(`${url}/tasks?limit=1`);
  if (!read.ok) throw new Error(`a read was answered ${String(read.status)} while the database took no writes`);
  const body = JSON.stringify({ id: ground.random.uuid(), title: 'not now' });
  const write = await fetch(`${url}/tasks`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  if (write.status !== 503 || write.headers.get('retry-after') === null)
    throw new Error(`a write was answered ${String(write.status)} instead of "later": ${await write.text()}`);
}
