import { Command } from 'commander';
import { acceptCommand } from './commands/accept.command.ts';
import { askCommand } from './commands/ask.command.ts';
import { chainCommand } from './commands/chain.command.ts';
import { claimCommand } from './commands/claim.command.ts';
import { completeCommand } from './commands/complete.command.ts';
import { auditCommand } from './commands/audit.command.ts';
import { configCheckCommand } from './commands/config-check.command.ts';
import { configPublishCommand } from './commands/config-publish.command.ts';
import { configShowCommand } from './commands/config-show.command.ts';
import { explainCommand } from './commands/explain.command.ts';
import { heartbeatCommand } from './commands/heartbeat.command.ts';
import { inboxCommand } from './commands/inbox.command.ts';
import { instanceCreateCommand } from './commands/instance-create.command.ts';
import { instanceDeleteCommand, instanceStopCommand } from './commands/instance-end.commands.ts';
import { instanceListCommand } from './commands/instance-list.command.ts';
import { instanceMoveCommands } from './commands/instance-move.command.ts';
import { instanceTreeCommand } from './commands/instance-tree.command.ts';
import { decomposeCommand, taskDecomposeCommand } from './commands/decompose.commands.ts';
import { leaseEndCommands } from './commands/lease-end.commands.ts';
import { migrateCommand } from './commands/migrate.command.ts';
import { rejectCommand } from './commands/reject.command.ts';
import { routePreviewCommand } from './commands/route-preview.command.ts';
import { serveCommand } from './commands/serve.command.ts';
import { submitCommand } from './commands/submit.command.ts';
import { taskAnswerCommand } from './commands/task-answer.command.ts';
import { taskAttemptsCommand } from './commands/task-attempts.command.ts';
import { taskCancelCommand } from './commands/task-cancel.command.ts';
import { taskCompleteCommand } from './commands/task-complete.command.ts';
import { taskEscalateCommand } from './commands/task-escalate.command.ts';
import { taskFailCommand } from './commands/task-fail.command.ts';
import { taskListCommand } from './commands/task-list.command.ts';
import { taskRerouteCommand } from './commands/task-reroute.command.ts';
import { taskRetryCommand } from './commands/task-retry.command.ts';
import { taskShowCommand } from './commands/task-show.command.ts';
import { workerCommand } from './commands/worker.command.ts';
import type { CliContext } from './context.ts';
import { upCommand } from './up/up.command.ts';
import { readVersion } from './version.ts';
import { workCommand } from './work/work.command.ts';

const EXAMPLES = `
Examples:
  hopper up                                          everything on this machine
  hopper submit "Split the invoices" --tag billing   a task comes in
  hopper inbox                                       what waits for a person
  hopper explain TASK                                where it is, why, and what it waits for
  hopper work backend-agents -- ./agent.sh           an agent takes the tasks of an instance

Instances are named by id or by a name that only one has; \`hopper COMMAND --help\` has more.
Exit codes: 0 done, 2 wrong usage or input, 3 not found, 4 conflict, 5 a server cannot be reached, 6 not allowed, 1 else.`;

/** The whole command line. */
export function createProgram(context: CliContext): Command {
  const { stdout, stderr } = context;
  const program = new Command('hopper')
    .description(
      'A durable router of work: tasks go down a hierarchy, are done there, and their completion comes back up.',
    )
    .version(readVersion())
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .showHelpAfterError('(add --help for more)')
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text.replace(/^error: /, 'hopper: ')),
    });
  upCommand(program, context);
  submitCommand(program, context);
  taskCommands(program, context);
  chainCommand(program, context);
  explainCommand(program, context);
  inboxCommand(program, context);
  for (const declare of [acceptCommand, rejectCommand, completeCommand]) declare(program, context);
  instanceCommands(program, context);
  configCommands(program, context);
  routeCommands(program, context);
  for (const declare of [workCommand, claimCommand, heartbeatCommand, askCommand, leaseEndCommands, decomposeCommand])
    declare(program, context);
  auditCommand(program, context);
  for (const declare of [migrateCommand, workerCommand, serveCommand]) declare(program, context);
  return program;
}

function taskCommands(program: Command, context: CliContext): void {
  const task = program.command('task').description('Find, show and move tasks');
  for (const declare of [
    taskListCommand,
    taskShowCommand,
    taskAttemptsCommand,
    taskCompleteCommand,
    taskFailCommand,
    taskCancelCommand,
    taskEscalateCommand,
    taskRerouteCommand,
    taskDecomposeCommand,
    taskRetryCommand,
    taskAnswerCommand,
  ]) {
    declare(task, context);
  }
}

function routeCommands(program: Command, context: CliContext): void {
  const route = program.command('route').description('Where tasks would go');
  routePreviewCommand(route, context);
}

function instanceCommands(program: Command, context: CliContext): void {
  const instance = program.command('instance').description('The tree of instances and its lifecycle');
  for (const declare of [
    instanceListCommand,
    instanceTreeCommand,
    instanceCreateCommand,
    instanceMoveCommands,
    instanceStopCommand,
    instanceDeleteCommand,
  ]) {
    declare(instance, context);
  }
}

function configCommands(program: Command, context: CliContext): void {
  const config = program.command('config').description('The policy: check a file, show what is in force, publish');
  for (const declare of [configCheckCommand, configShowCommand, configPublishCommand]) declare(config, context);
}
