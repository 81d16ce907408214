import { setMaxListeners } from 'node:events';
import { auditAtEnd, untilNone } from '../ground/rest.ts';
import type { Hopper } from '../ground/hopper.ts';
import { patiently } from '../ground/patience.ts';
import type { Random } from '../random.ts';
import type { Account, Ground } from '../scenario.ts';
import { Ledger } from './ledger.ts';
import { decideOffers, workAtDesk } from './people.ts';
import { scriptedTask } from './scripts.ts';
import { work } from './worker.ts';

export interface LoadOptions {
  readonly tasks: number;
  readonly workers?: number;
  readonly longestWorkMs?: number;
  /** Workers begin when so many tasks are submitted. */
  readonly firstAfter?: number;
}

/** What everybody who makes the load needs. */
export interface LoadNeeds {
  readonly hopper: Hopper;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly stopping: AbortSignal;
  readonly longestWorkMs: number;
  /** Asks until there is an answer. */
  readonly ask: <Answer>(call: () => Promise<Answer>) => Promise<Answer>;
}

/** Work that is under way. */
export interface Load {
  readonly ledger: Ledger;
  /** Everything is submitted. */
  readonly submitted: Promise<void>;
  /** Everything is submitted and at rest, and nobody works any more. */
  readonly done: Promise<void>;
  readonly isDone: () => boolean;
  /** From 0 to 1: how much of what will be asked has been answered, about. */
  readonly progress: () => number;
}

const SUBMITTERS = 8;
const REST_MS = 3_600_000;
/** Its submission, its end, and what comes between for some. */
const ANSWERS_PER_TASK = 2.4;

/** Submits scripted tasks and does their work, as correct clients do: what was not answered is asked again. */
export function startLoad(ground: Ground, hopper: Hopper, options: LoadOptions): Load {
  const { tasks, workers = 12, longestWorkMs = 200, firstAfter = 0 } = options;
  const ledger = new Ledger();
  const { random } = ground;
  const broken = new AbortController();
  const stopping = AbortSignal.any([ground.stopping, broken.signal]);
  setMaxListeners(0, stopping);
  const ask = <Answer>(call: () => Promise<Answer>): Promise<Answer> =>
    patiently(call, stopping, () => {
      ledger.count('repeats');
    });
  const needs: LoadNeeds = { hopper, ledger, random, stopping, longestWorkMs, ask };
  const over = new AbortController();
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const submitted = submitAll(needs, tasks, (count) => {
    if (count >= firstAfter) begin();
  });
  const people = [decideOffers(needs, over.signal), workAtDesk(needs, over.signal)];
  const working = Array.from({ length: workers }, async (_, at) => {
    await begun;
    await work(needs, `worker ${String(at + 1)}`, over.signal);
  });
  const atRest = submitted
    .then(() => untilNone(hopper, ground, REST_MS))
    .finally(() => {
      over.abort();
    });
  let isDone = false;
  const done = Promise.all([atRest, ...people, ...working]).then(() => undefined);
  const settle = (): void => {
    isDone = true;
  };
  done.then(settle, (error: unknown) => {
    settle();
    broken.abort(error); // nobody goes on where somebody failed
  });
  return { ledger, submitted, done, isDone: () => isDone, progress: () => ledger.answers / (tasks * ANSWERS_PER_TASK) };
}

/** Everything that was answered is on record, and nothing else but so many tasks more; the audit finds nothing. */
export async function settleLoad(ground: Ground, hopper: Hopper, { ledger }: Load, besides = 0): Promise<Account> {
  await ledger.verify(hopper.client);
  const { audited, findings } = await auditAtEnd(hopper, ground);
  const given = ledger.size + besides;
  if (audited !== given)
    throw new Error(`${String(audited)} tasks are on record, but ${String(given)} were submitted or split off`);
  return { ...ledger.account, audited, findings };
}

async function submitAll({ hopper, ledger, random, ask }: LoadNeeds, count: number, on: (so: number) => void) {
  let [no, submitted] = [0, 0];
  const submitter = async (): Promise<void> => {
    while (no < count) {
      no += 1;
      const task = scriptedTask(random, no);
      ledger.submitting(task);
      await ask(() => hopper.client.tasks.submit(task));
      submitted += 1;
      ledger.count('submitted');
      on(submitted);
    }
  };
  await Promise.all(Array.from({ length: SUBMITTERS }, submitter));
}
