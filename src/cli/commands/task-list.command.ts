import type { Command } from 'commander';
import { TASK_STATUSES, type TaskStatus } from '../../domain/task.ts';
import { choice, declare, wholeNumber } from '../command.ts';
import type { CliContext } from '../context.ts';
import { allInstances, resolveInstance } from '../instance-ref.ts';
import { namesOf, showTasks } from '../views/task-view.ts';

interface Options {
  readonly status?: TaskStatus;
  readonly instance?: string;
  readonly tag?: string;
  readonly search?: string;
  readonly parent?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly json?: true;
}

export function taskListCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'list',
    summary: 'Find tasks, newest first',
    examples: [
      'hopper task list --status queued --instance backend-agents',
      'hopper task list --search invoice --limit 10',
      'hopper task list --tag billing --json',
    ],
  })
    .addOption(choice('--status <status>', 'only tasks with this status', TASK_STATUSES))
    .option('--instance <name or id>', 'only tasks that are here')
    .option('--tag <tag>', 'only tasks with this tag')
    .option('--search <words>', 'only tasks whose title or description has these words')
    .option('--parent <task>', 'only parts of this task')
    .option('--limit <number>', 'at most so many', wholeNumber)
    .option('--cursor <cursor>', 'the next page, as the one before named it')
    .action((options: Options) => list(context, options));
}

async function list({ client: connect, out }: CliContext, options: Options): Promise<void> {
  const client = connect();
  const instanceId = options.instance === undefined ? undefined : await resolveInstance(client, options.instance);
  const page = await client.tasks.list({
    status: options.status,
    instance_id: instanceId,
    tag: options.tag,
    q: options.search,
    parent_task_id: options.parent,
    cursor: options.cursor,
    ...(options.limit !== undefined && { limit: options.limit }),
  });
  if (options.json) {
    out.json(page);
    return;
  }
  if (page.items.length === 0 && out.isTerminal) out.line('No task matches.');
  else showTasks(out, page.items, namesOf(await allInstances(client)));
  if (page.next_cursor !== null) out.note(`There are more: --cursor ${page.next_cursor}`);
}
