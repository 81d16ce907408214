import type { Command } from 'commander';
import { type Priority, PRIORITIES } from '../domain/task.ts';
import type { TaskCreateInput } from '../domain/task.schema.ts';
import { choice, collect, jsonValue, wholeNumber } from './command.ts';

/** The fields of a task that are given as options. */
export interface TaskOptions {
  readonly tag?: readonly string[];
  readonly priority?: Priority;
  readonly description?: string;
  readonly minutes?: number;
  readonly metadata?: unknown;
}

/** Adds the options that describe a task. */
export function withTaskOptions(command: Command): Command {
  return command
    .option('--tag <tag>', 'a tag (repeatable)', collect)
    .addOption(choice('--priority <priority>', 'how urgent it is', PRIORITIES))
    .option('--description <words>', 'what is to be done')
    .option('--minutes <number>', 'how long it takes, estimated', wholeNumber)
    .option('--metadata <json>', 'a JSON object with whatever belongs to it', jsonValue);
}

/** The task that title and options describe; what was not given is left to the server. */
export function taskOf(title: string, { tag, priority, description, minutes, metadata }: TaskOptions): TaskCreateInput {
  return {
    title,
    ...(tag !== undefined && { tags: [...tag] }),
    ...(priority !== undefined && { priority }),
    ...(description !== undefined && { description }),
    ...(minutes !== undefined && { estimated_duration: minutes }),
    // The server checks that it is an object.
    ...(metadata !== undefined && { metadata: metadata as NonNullable<TaskCreateInput['metadata']> }),
  };
}
