import { setTimeout as sleep } from 'node:timers/promises';
import { HopperApiError, HopperUnreachableError } from '../../../../src/client/hopper-client.ts';
import { type Hopper, onHopper } from '../ground/hopper.ts';
import { throughOwnDoors } from '../ground/in-process.ts';
import { workflowRuns } from '../ground/looks.ts';
import { patiently } from '../ground/patience.ts';
import { auditAtEnd, untilNone } from '../ground/rest.ts';
import { shuffled } from '../load/shuffled.ts';
import { LOAD_TREE } from '../load/tree.ts';
import type { Random } from '../random.ts';
import { type Account, type Ground, type Scenario, bySize } from '../scenario.ts';

const CLIENTS = 4;
const LANES = 4;
const REST_MS = 600_000;

/** One submission, as each of the clients sends it. */
interface Submission {
  readonly body: Readonly<Record<string, unknown>>;
  /** Absent where the body has an id. */
  readonly key?: string;
}

/** What the clients were answered: the id, and how often with "made" instead of "known". */
interface Told {
  readonly ids: Set<string>;
  made: number;
}

/** Several clients submit the same tasks through several APIs, which are killed meanwhile. */
export const submittedTwice: Scenario = {
  name: 'submitted-twice',
  promise:
    'whoever submits the same again, at once or after an API was killed, gets the same task, and there is one of it',
  run: (ground) => onHopper(ground, { tree: LOAD_TREE, apis: 3 }, (hopper) => submitByMany(ground, hopper)),
};

async function submitByMany(ground: Ground, hopper: Hopper): Promise<Account> {
  const count = bySize(ground, { short: 24, usual: 600, long: 6_000 });
  const everyMs = bySize(ground, { short: 700, usual: 2_000, long: 5_000 });
  const submissions = Array.from({ length: count }, (_, no) => submissionOf(ground.random.fork(String(no)), no));
  const told = submissions.map((): Told => ({ ids: new Set(), made: 0 }));
  let repeats = 0;
  const sending = Promise.all(
    Array.from({ length: CLIENTS }, async (_, at) => {
      const order = shuffled(ground.random.fork(`client ${String(at)}`), [...submissions.keys()]).values();
      const lane = async (): Promise<void> => {
        for (const no of order) {
          const { url } = hopper.apis[(no + at) % hopper.apis.length] ?? { url: '' };
          const send = () => submit(url, submissions[no] ?? { body: {} });
          const answer = await patiently(send, ground.stopping, () => (repeats += 1));
          told[no]?.ids.add(answer.id);
          if (answer.isMade && told[no] !== undefined) told[no].made += 1;
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
    }),
  );
  const over = new AbortController();
  const sent = sending.finally(() => {
    over.abort();
  });
  sent.catch(() => undefined); // thrown below
  let kills = 0;
  do {
    const victim = ground.random.pick(hopper.apis);
    await victim.killFor(ground.random.between(0, everyMs / 2), ground.stopping);
    kills += 1;
    await sleep(everyMs, undefined, { signal: ground.stopping });
  } while (!over.signal.aborted);
  await sent;
  ground.say(`everything was submitted; ${String(kills)} kills`);
  await untilNone(hopper, ground, REST_MS, ['routing']);
  const account = await expectOneOfEach(ground, hopper, submissions, told);
  return { tasks: count, clients: CLIENTS, kills, 'sent again': repeats, ...account };
}

/** Half of them bring their own id, and half a key. */
function submissionOf(random: Random, no: number): Submission {
  const body = { title: `submission ${String(no)}`, tags: ['desk'], metadata: { no } };
  return random.chance(0.5) ? { body: { ...body, id: random.uuid() } } : { body, key: `key-${random.uuid()}` };
}

async function submit(url: string, { body, key }: Submission): Promise<{ id: string; isMade: boolean }> {
  const headers = { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) };
  const request = { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(60_000) };
  let status: number;
  let text: string;
  try {
    const response = await fetch(`${url}/api/v1/tasks`, request);
    [status, text] = [response.status, await response.text()];
  } catch (error) {
    throw new HopperUnreachableError(url, error);
  }
  if (status === 200 || status === 201) return { id: (JSON.parse(text) as { id: string }).id, isMade: status === 201 };
  throw new HopperApiError({ status, code: `answer ${String(status)}`, detail: text, errors: [] });
}

/** One id and one making for each, one row, one event, one run of one workflow; another body under its id is refused. */
async function expectOneOfEach(
  ground: Ground,
  hopper: Hopper,
  submissions: readonly Submission[],
  told: readonly Told[],
): Promise<Account> {
  let made = 0;
  for (const [no, { ids, made: times }] of told.entries()) {
    const [id = '', ...others] = ids;
    if (others.length > 0 || times > 1)
      throw new Error(`submission ${String(no)} was made ${String(times)} times: ${[...ids].join()}`);
    made += times;
    const { items } = await hopper.client.tasks.events(id);
    const submitted = items.filter(({ type }) => type === 'task_submitted').length;
    if (submitted !== 1) throw new Error(`task ${id} is on record as submitted ${String(submitted)} times`);
    const other = { ...submissions[no]?.body, id, title: 'another' };
    const refused = await patiently(() => submit(hopper.apis[0]?.url ?? '', { body: other }), ground.stopping).catch(
      (error: unknown) => (error instanceof HopperApiError ? error.status : String(error)),
    );
    if (refused !== 409) throw new Error(`another body under the id ${id} was answered ${JSON.stringify(refused)}`);
  }
  const audit = await auditAtEnd(hopper, ground);
  const runs = await throughOwnDoors(hopper, ({ temporal }) => workflowRuns(temporal));
  if (audit.audited !== told.length || runs !== told.length)
    throw new Error(
      `${String(told.length)} were submitted; ${String(audit.audited)} are on record, with ${String(runs)} runs`,
    );
  return { 'answered as new': made, ...audit };
}
