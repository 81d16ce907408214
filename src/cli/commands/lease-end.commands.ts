import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { CliError, EXIT } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { declareForLease, leaseOf } from '../lease-ref.ts';
import { moveTask } from './task-move.ts';

interface Options {
  readonly token?: string;
  readonly json?: true;
}

/** `finish`, `fail` and `release`: how a script gives a task back. */
export function leaseEndCommands(parent: Command, context: CliContext): void {
  finishCommand(parent, context);
  failCommand(parent, context);
  releaseCommand(parent, context);
}

function finishCommand(parent: Command, context: CliContext): void {
  declareForLease(parent, {
    usage: 'finish [lease]',
    summary: 'Finish the task that you claimed',
    examples: [`hopper finish LEASE --result '{"pull_request": 214}'`, './report.sh | hopper finish LEASE --result -'],
  })
    .option('--result <json>', 'what came of it, as JSON; - reads it from standard input')
    .action(
      async (named: string | undefined, { token: given, result: written, json }: Options & { result?: string }) => {
        const { id, token } = leaseOf(context, named, given);
        const result = written === undefined ? null : parse(written === '-' ? await text(context.stdin) : written);
        await moveTask(context, json, ({ leases }) => leases.complete(id, token, { result }));
      },
    );
}

function failCommand(parent: Command, context: CliContext): void {
  declareForLease(parent, {
    usage: 'fail [lease]',
    summary: 'Say that this attempt failed: the task is tried again while it has retries left',
    examples: ['hopper fail LEASE --reason "the tests do not pass"'],
  })
    .requiredOption('--reason <words>', 'why')
    .option('--output <words>', 'the last output, for whoever looks for the cause')
    .action((named: string | undefined, options: Options & { reason: string; output?: string }) => {
      const { id, token } = leaseOf(context, named, options.token);
      const { reason, output, json } = options;
      return moveTask(context, json, ({ leases }) => leases.fail(id, token, { reason, output }));
    });
}

function releaseCommand(parent: Command, context: CliContext): void {
  declareForLease(parent, {
    usage: 'release [lease]',
    summary: 'Give the task back untried: it is not counted as an attempt',
    examples: ['hopper release LEASE --reason "the night shift is over"'],
  })
    .option('--reason <words>', 'why')
    .action((named: string | undefined, { token: given, reason, json }: Options & { reason?: string }) => {
      const { id, token } = leaseOf(context, named, given);
      return moveTask(context, json, ({ leases }) => leases.release(id, token, { reason }));
    });
}

function parse(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.input, `the result must be JSON (a text in quotes): ${why}`, { cause: error });
  }
}
