import type { Command } from 'commander';
import { wholeNumber } from '../command.ts';
import type { CliContext } from '../context.ts';
import { plain } from '../plain.ts';
import { declareForLease, leaseOf } from '../lease-ref.ts';

interface Options {
  readonly token?: string;
  readonly note?: string;
  readonly percent?: number;
  readonly json?: true;
}

export function heartbeatCommand(parent: Command, context: CliContext): void {
  declareForLease(parent, {
    usage: 'heartbeat [lease]',
    summary: 'Say that the work goes on, and how far it is; exit code 4: the lease is lost, stop',
    examples: ['hopper heartbeat --note "half way" --percent 50', 'hopper heartbeat LEASE --token TOKEN'],
  })
    .option('--note <words>', 'what is being done')
    .option('--percent <number>', 'how much is done, 0 to 100', wholeNumber)
    .action(async (named: string | undefined, { token: given, note, percent, json }: Options) => {
      const { id, token } = leaseOf(context, named, given);
      const heard = await context.client().leases.heartbeat(id, token, { note, percent });
      if (json) context.out.json(heard);
      else {
        const answered = heard.answer === null ? [] : [`answer: ${plain(heard.answer)}`];
        const expires = `expires ${heard.lease.expires_at ?? 'never'}`;
        context.out.line([heard.lease.id, 'held', expires, ...answered].join('\t'));
      }
    });
}
