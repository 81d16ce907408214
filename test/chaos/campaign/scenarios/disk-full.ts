import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Hopper, onHopper } from '../ground/hopper.ts';
import { type SmallDisk, mountSmallDisk } from '../ground/small-disk.ts';
import { type Load, settleLoad, startLoad } from '../load/load.ts';
import { LOAD_TREE } from '../load/tree.ts';
import { type Account, type Ground, NOT_DONE, type Scenario, bySize } from '../scenario.ts';

const MOST_LEFT = 300_000;
const NO_SPACE = /No space left on device/g;
const LOOK_EVERY_MS = 200;
const HIT_WITHIN_MS = 60_000;

/** The disk of PostgreSQL is full, until somebody makes room. */
export const diskFull: Scenario = {
  name: 'disk-full',
  promise:
    'what cannot be written is refused as "later", nothing that was answered is lost, and with room it all goes on',
  run: async (ground) => {
    const disk = await mountSmallDisk(join(ground.folder, 'postgres'));
    if (disk === null) return { [NOT_DONE]: 'only root may mount a small disk' };
    try {
      return await onHopper(ground, { tree: LOAD_TREE }, (hopper) => fillAgainAndAgain(ground, hopper, disk));
    } finally {
      await disk.unmount();
    }
  },
};

async function fillAgainAndAgain(ground: Ground, hopper: Hopper, disk: SmallDisk): Promise<Account> {
  const tasks = bySize(ground, { short: 60, usual: 800, long: 10_000 });
  const everyMs = bySize(ground, { short: 1_000, usual: 8_000, long: 8_000 });
  const fullMs = bySize(ground, { short: 1_500, usual: 6_000, long: 20_000 });
  const most = bySize(ground, { short: 1, usual: 6, long: Infinity });
  const load = startLoad(ground, hopper, { tasks });
  let [times, crashes] = [0, 0];
  while (!load.isDone() && times < most) {
    await sleep(everyMs, undefined, { signal: ground.stopping });
    if (load.isDone()) break;
    const ends = hopper.postgres.ownEnds.length;
    const before = await refusedWrites(ground);
    await disk.leave(ground.random.between(0, MOST_LEFT));
    await untilHit(ground, load, before);
    await sleep(fullMs, undefined, { signal: ground.stopping });
    await disk.widen();
    times += 1;
    if (await startedAgain(hopper, ends)) crashes += 1;
    ground.say(`the disk was full (${String(times)}), and has room again`);
  }
  await load.done;
  const account = await settleLoad(ground, hopper, load);
  return { 'times full': times, 'writes refused': await refusedWrites(ground), 'servers ended': crashes, ...account };
}

/** PostgreSQL has met the end of the disk, and not only we. */
async function untilHit(ground: Ground, load: Load, before: number): Promise<void> {
  const deadline = Date.now() + HIT_WITHIN_MS;
  while ((await refusedWrites(ground)) === before && !load.isDone()) {
    if (Date.now() > deadline) throw new Error('the disk is full, and PostgreSQL does not notice');
    await sleep(LOOK_EVERY_MS, undefined, { signal: ground.stopping });
  }
}

async function refusedWrites({ folder }: Ground): Promise<number> {
  const log = await readFile(join(folder, 'logs', 'postgres.log'), 'utf8');
  return log.match(NO_SPACE)?.length ?? 0;
}

/** A server that cannot even write its log of changes ends, and whoever keeps it starts it again, as `hopper up` does. */
async function startedAgain({ postgres }: Hopper, endsBefore: number): Promise<boolean> {
  await sleep(LOOK_EVERY_MS);
  if (postgres.ownEnds.length === endsBefore) return false;
  await postgres.kill();
  await postgres.start();
  return true;
}
