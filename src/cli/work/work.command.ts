import { hostname } from 'node:os';
import type { Command } from 'commander';
import { atLeastOne, collect, declare, wholeNumber } from '../command.ts';
import type { CliContext } from '../context.ts';
import { splitAtDashes } from './command-words.ts';
import { runWork } from './run-work.ts';

interface Options {
  readonly concurrency: number;
  readonly workerId?: string;
  readonly skill?: readonly string[];
  readonly subtree?: true;
  readonly once?: true;
  readonly maxTasks?: number;
  readonly grace: number;
  readonly json?: true;
}

const HELP = `
COMMAND gets the task as one JSON object on standard input. What it writes to standard output is the result: JSON if it is
JSON, else its text; nothing is null. Any other exit code than 0 fails the attempt. Its environment has HOPPER_TASK_ID,
HOPPER_ATTEMPT, HOPPER_URL, HOPPER_LEASE_ID and HOPPER_LEASE_TOKEN, so that it can say how far it is:
  hopper heartbeat --note "half way" --percent 50
A lost lease, a cancelled task among them, ends COMMAND and all that it started.`;

export function workCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'work <instance...>',
    summary: 'Claim the tasks of an instance and run a command for each',
    examples: [
      'hopper work backend-agents -- ./agent.sh',
      'hopper work backend-agents frontend-agents --concurrency 4 -- claude -p "do the task on stdin"',
      'hopper work product --subtree --skill api --skill sql -- python3 worker.py',
      'hopper work backend-agents --once -- jq .title',
    ],
  })
    .usage('[options] <instance...> -- <command> [arguments...]')
    .option('--concurrency <number>', 'so many tasks at a time', atLeastOne, 1)
    .option('--worker-id <name>', 'who this worker is on record; else host and process id')
    .option('--skill <skill>', 'only tasks that need no other skills (repeatable)', collect)
    .option('--subtree', 'also from every instance below')
    .option('--once', 'end after one task')
    .option('--max-tasks <number>', 'end after so many tasks', atLeastOne)
    .option('--grace <seconds>', 'from SIGTERM to SIGKILL when a command has to end', wholeNumber, 10)
    .addHelpText('after', HELP)
    .action((_instances: readonly string[], options: Options, command: Command) => {
      const { instances, command: program, args } = splitAtDashes(command.args, context.typed);
      return runWork(context, {
        instances,
        command: program,
        args,
        workerId: options.workerId ?? `${hostname().slice(0, 100)}-${String(process.pid)}`,
        skills: options.skill ?? [],
        subtree: options.subtree ?? false,
        concurrency: options.concurrency,
        maxTasks: options.once ? 1 : (options.maxTasks ?? Infinity),
        graceMs: options.grace * 1_000,
        json: options.json ?? false,
      });
    });
}
