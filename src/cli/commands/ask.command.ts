import type { Command } from 'commander';
import type { HeartbeatResponse } from '../../domain/lease.schema.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { atLeastOne } from '../command.ts';
import type { CliContext } from '../context.ts';
import { declareForLease, leaseOf, type LeaseRef } from '../lease-ref.ts';
import { plainLines } from '../plain.ts';
import { pause } from '../work/pause.ts';
import { PatientClient } from '../work/patient-client.ts';
import { moveTask } from './task-move.ts';

interface Options {
  readonly token?: string;
  readonly wait?: number;
  readonly json?: true;
}

const POLL_MS = 1_000;
const LONGEST_TIMER_MS = 2_147_483_647;

export function askCommand(parent: Command, context: CliContext): void {
  declareForLease(parent, {
    usage: 'ask <question> [lease]',
    summary: 'Ask a person about the task that you claimed; it waits in the inbox until somebody answers',
    examples: ['answer=$(hopper ask "Which account?" --wait 3600) || exit', 'hopper ask "Which account?" LEASE'],
  })
    .option('--wait <seconds>', 'keep the lease alive for so long, and print the answer when it comes', atLeastOne)
    .addHelpText(
      'after',
      '\nWithout an answer in time it says so and ends with exit code 1: the question stays. Exit code 4: the lease is lost.',
    )
    .action(async (question: string, named: string | undefined, { token, wait, json }: Options) => {
      const lease = leaseOf(context, named, token);
      if (wait === undefined) {
        await moveTask(context, json, ({ leases }) => leases.ask(lease.id, lease.token, { question }));
        return;
      }
      await context.client().leases.ask(lease.id, lease.token, { question });
      const heard = await untilAnswered(context, lease, wait);
      if (json) context.out.json(heard);
      else context.out.line(plainLines(heard.answer ?? ''));
    });
}

/** Heartbeats bring the answer (rule W8). An API that is away is waited for. */
async function untilAnswered(
  { client, out }: CliContext,
  { id, token }: LeaseRef,
  seconds: number,
): Promise<HeartbeatResponse> {
  const over = AbortSignal.timeout(Math.min(seconds * 1_000, LONGEST_TIMER_MS));
  const api = new PatientClient(client, {
    away: (reason) => {
      out.note(`${reason}; waiting for it`);
    },
    back: () => {
      out.note('the API is back');
    },
  });
  while (!over.aborted) {
    const heard = await api
      .call(({ leases }, options) => leases.heartbeat(id, token, {}, options), over)
      .catch((error: unknown) => {
        if (over.aborted) return null;
        throw error;
      });
    if (heard !== null && heard.answer !== null) return heard;
    await pause(POLL_MS, over);
  }
  throw new CliError(EXIT.other, `nobody has answered within ${String(seconds)} s; the question stays`);
}
