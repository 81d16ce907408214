import { isDeepStrictEqual } from 'node:util';
import type { HopperClient } from '../../../../src/client/hopper-client.ts';
import type { Json } from '../../../../src/domain/json.ts';
import { END, type Script, type ScriptedTask } from './scripts.ts';

const AT_ONCE = 8;
const END_EVENT = /^task_(completed|failed|rejected|cancelled)$/;

const ANSWERS = [
  ...['submitted', 'accepted', 'refused', 'cancelled', 'completed by hand'],
  ...['attempts completed', 'attempts failed', 'attempts decomposed'],
];

type AttemptEnd = 'completed' | 'failed' | 'decomposed' | 'lost';
type Named = Readonly<Record<'id' | 'title', string>>;

interface Entry {
  readonly title: string;
  readonly script: Script;
  /** What its completion was answered with. */
  result?: Json;
  parts?: number;
  readonly leases: Map<string, AttemptEnd>;
  readonly offers: Map<string, 'accepted' | 'refused'>;
}

/** What clients were told with a 2xx, or with a 409, kept outside of Hopper, and held against its records at the end. */
export class Ledger {
  readonly #entries = new Map<string, Entry>();
  readonly #counts = new Map<string, number>();

  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  /** Before it is submitted: others may see it before its answer comes. */
  submitting({ id, title, metadata }: ScriptedTask): void {
    this.#entries.set(id, { title, script: metadata.script, leases: new Map(), offers: new Map() });
  }

  scriptOf(taskId: string): Script | null {
    return this.#entries.get(taskId)?.script ?? null;
  }

  decided(taskId: string, delegationId: string, how: 'accepted' | 'refused'): void {
    this.#entries.get(taskId)?.offers.set(delegationId, how);
    this.count(how);
  }

  /** The end of an attempt; parts of tasks, which nobody has submitted, are taken up with it. */
  attempt(task: Named, leaseId: string, end: AttemptEnd): void {
    this.#entryOf(task).leases.set(leaseId, end);
    this.count(`attempts ${end}`);
  }

  result(task: Named, result: Json): void {
    this.#entryOf(task).result = result;
  }

  split(task: Named, parts: number): void {
    this.#entryOf(task).parts = parts;
  }

  get account(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** So many 2xx were given to commands. */
  get answers(): number {
    return ANSWERS.reduce((sum, what) => sum + (this.#counts.get(what) ?? 0), 0);
  }

  /** Tasks and parts that there have to be, and no others. */
  get size(): number {
    return this.#entries.size;
  }

  /** Throws with everything that was answered and is not on record. */
  async verify(client: HopperClient): Promise<void> {
    const problems: string[] = [];
    const entries = this.#entries.entries();
    const checker = async (): Promise<void> => {
      for (const [id, entry] of entries) {
        const found = await problemsOf(client, id, entry);
        problems.push(...found.map((problem) => `${entry.title} (${id}) ${problem}`));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, checker));
    if (problems.length > 0)
      throw new Error(`${String(problems.length)} answers are not on record:\n${problems.slice(0, 50).join('\n')}`);
  }

  #entryOf({ id, title }: Named): Entry {
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    const made: Entry = { title, script: 'works', leases: new Map(), offers: new Map() };
    this.#entries.set(id, made);
    this.count('parts');
    return made;
  }
}

async function problemsOf(client: HopperClient, id: string, entry: Entry): Promise<string[]> {
  const [task, events, attempts] = await Promise.all([
    client.tasks.get(id),
    client.tasks.events(id),
    client.tasks.attempts(id),
  ]);
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  expect(task.title === entry.title, `is called ${task.title}`);
  expect(task.status === END[entry.script], `is ${task.status}, and should be ${END[entry.script]}`);
  const ends = events.items.filter(({ type }) => END_EVENT.test(type)).length;
  expect(ends === 1, `ended ${String(ends)} times`);
  if (entry.result !== undefined)
    expect(isDeepStrictEqual(task.result, entry.result), `has the result ${JSON.stringify(task.result)}`);
  for (const [leaseId, told] of entry.leases) {
    const outcome = attempts.items.find((attempt) => attempt.id === leaseId)?.outcome ?? 'not there';
    const isSo = told === 'lost' ? outcome !== 'completed' : outcome === told;
    expect(isSo, `attempt ${leaseId} was told ${told}, and is ${outcome}`);
  }
  expect([...entry.leases.values()].filter((told) => told === 'completed').length <= 1, 'was completed twice');
  for (const [delegationId, told] of entry.offers) {
    const { status } = await client.delegations.get(delegationId);
    const isSo = told === 'refused' ? status === 'rejected' : ['accepted', 'completed'].includes(status);
    expect(isSo, `delegation ${delegationId} was ${told}, and is ${status}`);
  }
  if (entry.parts !== undefined) {
    const { items } = await client.tasks.list({ parent_task_id: id, limit: 200 });
    expect(items.length === entry.parts, `has ${String(items.length)} parts, and was given ${String(entry.parts)}`);
  }
  return problems;
}
