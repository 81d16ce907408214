import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TASK_STATUSES, isFinal } from '../../../../src/domain/task.ts';
import { sendSignal } from '../../../../src/stack/processes.ts';
import { runProgram } from '../../../../src/stack/run-program.ts';
import { type Hopper, onHopper } from '../ground/hopper.ts';
import { type OwnDoors, query, throughOwnDoors } from '../ground/in-process.ts';
import { type LookedThrough, lookThrough, openWorkflows } from '../ground/looks.ts';
import { isRefusal, patiently } from '../ground/patience.ts';
import { auditAtEnd } from '../ground/rest.ts';
import { inParallel } from '../load/in-parallel.ts';
import { LIVES, LIVES_TREE, type Life } from '../load/lives.ts';
import { type Account, type Ground, type Scenario, bySize } from '../scenario.ts';

const REST_MS = 300_000;
const OPEN = TASK_STATUSES.filter((status) => !isFinal(status));
const LOOK_EVERY_MS = 1_000;
const TEN_MINUTES_PASS = "UPDATE tasks SET updated_at = updated_at - interval '10 minutes' WHERE finished_at IS NULL";

interface Member {
  readonly id: string;
  readonly title: string;
  readonly life: Life;
}

/** A backup of the database is put back under a Temporal that has gone on meanwhile. */
export const backupRestored: Scenario = {
  name: 'backup-restored',
  promise:
    'the database is the truth: what it knows goes on from there and is done once more, what it does not know ends, and nothing stands in two states',
  run: (ground) =>
    onHopper(ground, { tree: LIVES_TREE }, (hopper) =>
      throughOwnDoors(hopper, (doors) => restoreUnder(ground, hopper, doors)),
    ),
};

async function restoreUnder(ground: Ground, hopper: Hopper, doors: OwnDoors): Promise<Account> {
  const each = bySize(ground, { short: 1, usual: 20, long: 200 });
  const members = Object.entries<Life>(LIVES).flatMap(([name, life]) =>
    Array.from({ length: each }, (_, no): Member => ({
      ...{ id: ground.random.uuid(), title: `${name} ${String(no)}`, life },
    })),
  );
  const known = members.filter(({ life }) => life.before !== null);
  await lead(ground, hopper, known, 'early');
  const cluster = join(ground.folder, 'postgres', 'cluster');
  const backup = join(ground.folder, 'backup');
  await shutDown(ground, hopper);
  await copy(cluster, backup);
  await hopper.postgres.start();
  ground.say('backup made');
  await lead(ground, hopper, members, 'late');

  const parts = [...hopper.workers, ...hopper.apis];
  for (const part of [...parts, hopper.postgres]) await part.kill();
  await rm(cluster, { recursive: true });
  await copy(backup, cluster);
  for (const part of [hopper.postgres, ...parts]) await part.start();
  ground.say('backup put back');
  await expectAsInBackup(hopper, members);
  const repeated = members.filter(({ life }) => life.isRepeated === true);
  await inParallel(repeated, async (member) => {
    await submit(ground, hopper, member);
  });

  const repaired = await finishAll(ground, hopper, doors);
  await expectEnds(hopper, members);
  const left = await openWorkflows(doors.temporal);
  if (left.length > 0) throw new Error(`${String(left.length)} workflows are open after all: ${left.join(', ')}`);
  return { tasks: members.length, ...repaired, ...(await auditAtEnd(hopper, ground)) };
}

function submit({ stopping }: Ground, { client }: Hopper, { id, title, life }: Member) {
  return patiently(() => client.tasks.submit({ id, title, tags: [life.place] }), stopping);
}

/** Brings each to where the backup finds it, or takes it on from there. */
async function lead(ground: Ground, hopper: Hopper, members: readonly Member[], when: 'early' | 'late') {
  const { client, idOf } = hopper;
  await inParallel(members, async (member) => {
    if (when === 'early' || member.life.before === null) await submit(ground, hopper, member);
    const being = { client, idOf, taskId: member.id };
    for (;;) {
      const { status } = await patiently(() => client.tasks.get(member.id), ground.stopping);
      if (status !== 'routing') break;
      await sleep(LOOK_EVERY_MS / 5, undefined, { signal: ground.stopping });
    }
    const step = member.life[when];
    if (step !== undefined) await patiently(() => step(being), ground.stopping);
  });
}

/** Every row is as old as the backup, whatever the workflows remember. */
async function expectAsInBackup({ client }: Hopper, members: readonly Member[]): Promise<void> {
  for (const { id, title, life } of members) {
    const status = await client.tasks.get(id).then(
      (task) => task.status,
      (error: unknown) => (isRefusal(error, 'task_not_found') ? null : String(error)),
    );
    if (status !== life.before)
      throw new Error(`${title} (${id}) is ${String(status)}, in the backup it was ${String(life.before)}`);
  }
}

/** Does what is open once more, as people would, while time passes and the records are looked through. */
async function finishAll(ground: Ground, hopper: Hopper, { temporal }: OwnDoors): Promise<LookedThrough> {
  let repaired: LookedThrough = { started: 0, reread: 0, ended: 0, workflowsLeft: 0 };
  for (const deadline = Date.now() + REST_MS; ;) {
    const pages = await Promise.all(OPEN.map((status) => hopper.client.tasks.list({ status, limit: 200 })));
    const open = pages.flatMap(({ items }) => items);
    const workflows = await openWorkflows(temporal);
    if (open.length === 0 && workflows.length === 0) return repaired;
    if (Date.now() > deadline) {
      const left = open.map(({ title, status }) => `${title} is ${status}`);
      throw new Error(`not at rest: ${left.join(', ')}; workflows that are open: ${workflows.join(', ')}`);
    }
    await query(hopper.databaseUrl, TEN_MINUTES_PASS);
    const seen = await lookThrough(temporal, ground.stopping);
    repaired = {
      started: repaired.started + seen.started,
      reread: repaired.reread + seen.reread,
      ended: repaired.ended + seen.ended,
      workflowsLeft: repaired.workflowsLeft + seen.workflowsLeft,
    };
    await inParallel(open, (task) => goOn(ground, hopper, task));
    await sleep(LOOK_EVERY_MS, undefined, { signal: ground.stopping });
  }
}

async function goOn({ stopping }: Ground, { client }: Hopper, { id, status }: { id: string; status: string }) {
  try {
    if (status === 'queued' || status === 'in_progress')
      await patiently(() => client.tasks.complete(id, { result: 'done', force: status !== 'queued' }), stopping);
    if (status !== 'offered') return;
    const { chain } = await client.tasks.chain(id);
    await patiently(() => client.delegations.accept(chain.at(-1)?.id ?? ''), stopping);
  } catch (error) {
    // Its workflow had ended, and the next look gives it a new run.
    if (!isRefusal(error, 'task_conflict')) throw error;
  }
}

/** What the backup knew is completed, once; what it did not know is not there, unless it was submitted again. */
async function expectEnds({ client }: Hopper, members: readonly Member[]): Promise<void> {
  for (const { id, title, life } of members) {
    const events = await client.tasks.events(id).then(
      ({ items }) => items.map(({ type }) => type),
      (error: unknown) => (isRefusal(error, 'task_not_found') ? [] : [String(error)]),
    );
    const ends = events.filter((type) => /^task_(completed|failed|rejected|cancelled)$/.test(type));
    const wanted = life.before === null && life.isRepeated !== true ? '' : 'task_completed';
    if (ends.join() !== wanted)
      throw new Error(`${title} (${id}) ended as "${ends.join()}", not as "${wanted}": ${events.join()}`);
  }
}

/** In order, so that what is copied is whole; it can be started again. */
async function shutDown({ stopping }: Ground, { postgres }: Hopper): Promise<void> {
  const ends = postgres.ownEnds.length;
  if (postgres.pid !== null) sendSignal(postgres.pid, 'SIGINT');
  while (postgres.ownEnds.length === ends) await sleep(LOOK_EVERY_MS / 10, undefined, { signal: stopping });
  await postgres.kill();
}

async function copy(from: string, to: string): Promise<void> {
  const { code, output } = await runProgram('cp', ['-a', from, to]);
  if (code !== 0) throw new Error(`${from} could not be copied: ${output}`);
}
