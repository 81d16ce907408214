import { HopperApiError } from '../../client/api-error.ts';
import type { ClaimResponse } from '../../domain/lease.schema.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { type Program, type ProgramEnd, type RunningProgram, startProgram } from './child-program.ts';
import { startHeartbeats } from './heartbeats.ts';
import type { Ask, PatientClient } from './patient-client.ts';
import { pause, untilAny } from './pause.ts';
import { type Verdict, verdictOf } from './program-verdict.ts';
import type { Job, WorkEvent } from './work-event.ts';

/** What every attempt of a worker needs. */
export interface AttemptNeeds {
  readonly client: PatientClient;
  readonly program: Pick<Program, 'command' | 'args' | 'env'>;
  readonly graceMs: number;
  /** End what runs and give the tasks back. */
  readonly force: AbortSignal;
  /** And do not wait for anything any more. */
  readonly impatience: AbortSignal;
  readonly report: (event: WorkEvent) => void;
}

const LAST_TRIES = 3;
const REFUSED: readonly number[] = [400, 413, 422];

/**
 * Runs the COMMAND for one claimed task and says what came of it. Throws only where the COMMAND cannot be started: then the
 * task has been given back.
 */
export async function runAttempt(needs: AttemptNeeds, claim: ClaimResponse, slot: number): Promise<void> {
  const attempt = new Attempt(needs, claim, slot);
  needs.report({ event: 'claimed', ...attempt.job });
  await attempt.run();
}

class Attempt {
  readonly job: Job;
  readonly #needs: AttemptNeeds;
  readonly #claim: ClaimResponse;
  readonly #since = performance.now();

  constructor(needs: AttemptNeeds, claim: ClaimResponse, slot: number) {
    const { task, lease } = claim;
    const { id: task_id, title, instance_id } = task;
    this.job = { slot, task_id, title, instance_id, lease_id: lease.id, attempt: lease.attempt };
    this.#needs = needs;
    this.#claim = claim;
  }

  async run(): Promise<void> {
    const program = await this.#start();
    const { client, force, graceMs, impatience } = this.#needs;
    const heartbeats = startHeartbeats(client, this.#claim.lease, () => {
      this.#needs.report({ event: 'heartbeat', ...this.job });
    });
    const over = new AbortController();
    const end = await Promise.race([program.ended, untilAny([heartbeats.lost, force], over.signal)]);
    over.abort();
    heartbeats.stop();
    if (end !== undefined) await this.#tellEnd(end);
    const isSplit = end === undefined && heartbeats.lost.aborted && (await this.#isSplit());
    if (isSplit) await Promise.race([program.ended, pause(graceMs, force)]);
    // Nothing of this task goes on when its slot is free for another one.
    await program.end(graceMs, impatience);
    if (end !== undefined) return;
    if (isSplit) this.#report('decomposed');
    else if (heartbeats.lost.aborted) this.#lost(String(heartbeats.lost.reason));
    else await this.#release('its worker was stopped');
  }

  async #start(): Promise<RunningProgram> {
    const { program } = this.#needs;
    const { task, lease } = this.#claim;
    const env = {
      ...program.env,
      HOPPER_TASK_ID: task.id,
      HOPPER_LEASE_ID: lease.id,
      HOPPER_LEASE_TOKEN: lease.token,
      HOPPER_ATTEMPT: String(lease.attempt),
    };
    try {
      return await startProgram({ ...program, env, stdin: `${JSON.stringify(task)}\n` });
    } catch (error) {
      const words = `${program.command} cannot be started: ${error instanceof Error ? error.message : String(error)}`;
      await this.#release(words);
      throw new CliError(EXIT.input, words, { cause: error });
    }
  }

  async #tellEnd(end: ProgramEnd): Promise<void> {
    const verdict = verdictOf(end);
    try {
      await this.#tellVerdict(verdict);
    } catch (error) {
      await this.#gone(wordsOf(error));
    }
  }

  async #tellVerdict(verdict: Verdict): Promise<void> {
    if (verdict.kind === 'failed') {
      await this.#fail(verdict.reason, verdict.output);
      return;
    }
    const { result, output } = verdict;
    const { id, token } = this.#claim.lease;
    try {
      await this.#tell(({ leases }, options) => leases.complete(id, token, { result, ...kept(output) }, options));
    } catch (error) {
      if (!(error instanceof HopperApiError && REFUSED.includes(error.status))) throw error;
      await this.#fail(`its result was refused: ${wordsOf(error)}`, output);
      return;
    }
    this.#report('completed');
  }

  async #fail(reason: string, output: string): Promise<void> {
    const { id, token } = this.#claim.lease;
    const { status } = await this.#tell(({ leases }, options) =>
      leases.fail(id, token, { reason: reason.slice(0, 2_000), ...kept(output) }, options),
    );
    this.#needs.report({ event: 'failed', ...this.job, seconds: this.#seconds(), reason, status });
  }

  async #release(reason: string): Promise<void> {
    const { id, token } = this.#claim.lease;
    try {
      await this.#tell(({ leases }, options) => leases.release(id, token, { reason: reason.slice(0, 2_000) }, options));
      this.#needs.report({ event: 'released', ...this.job, seconds: this.#seconds(), reason });
    } catch (error) {
      await this.#gone(wordsOf(error));
    }
  }

  /** Tells the API for as long as it takes; a worker that is made to stop tries a few times more. */
  async #tell<Answer>(ask: Ask<Answer>): Promise<Answer> {
    const { client, force, impatience } = this.#needs;
    try {
      return await client.call(ask, force);
    } catch (error) {
      if (!force.aborted) throw error;
      return client.call(ask, impatience, LAST_TRIES);
    }
  }

  /** The lease has ended while the program ran: it may have split the task itself. */
  async #gone(reason: string): Promise<void> {
    if (await this.#isSplit()) this.#report('decomposed');
    else this.#lost(reason);
  }

  /** The record says how the lease ended; whoever cannot ask it takes the task for lost. */
  async #isSplit(): Promise<boolean> {
    const { task, lease } = this.#claim;
    try {
      const { items } = await this.#tell(({ tasks }, options) => tasks.attempts(task.id, options));
      return items.some(({ id, outcome }) => id === lease.id && outcome === 'decomposed');
    } catch {
      return false;
    }
  }

  #report(event: 'completed' | 'decomposed'): void {
    this.#needs.report({ event, ...this.job, seconds: this.#seconds() });
  }

  #lost(reason: string): void {
    this.#needs.report({ event: 'lost', ...this.job, seconds: this.#seconds(), reason });
  }

  #seconds(): number {
    return Math.round((performance.now() - this.#since) / 100) / 10;
  }
}

function kept(output: string): { output?: string } {
  return output === '' ? {} : { output };
}

function wordsOf(error: unknown): string {
  if (!(error instanceof HopperApiError)) return error instanceof Error ? error.message : String(error);
  const problems = error.errors.map(({ path, message }) => `${path} ${message}`.trim());
  return [error.detail, ...problems].join('; ');
}
