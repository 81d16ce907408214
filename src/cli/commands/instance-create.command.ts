import type { Command } from 'commander';
import type { InstanceCreate } from '../../domain/instance.schema.ts';
import { PARENT_SCOPE, type Scope, SCOPES } from '../../domain/instance.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { choice, collect, declare, jsonValue } from '../command.ts';
import type { CliContext } from '../context.ts';
import { resolveInstance } from '../instance-ref.ts';
import { showInstance } from '../views/instance-view.ts';

interface Options {
  readonly scope: Scope;
  readonly parent?: string;
  readonly capability?: readonly string[];
  readonly acceptance?: 'auto' | 'manual';
  readonly config?: unknown;
  readonly start?: true;
  readonly json?: true;
}

export function instanceCreateCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'create <name>',
    summary: 'Create an instance; it takes tasks when it is started',
    examples: [
      'hopper instance create mobile --scope project --parent hopper --capability ios --capability android --start',
      `hopper instance create nightly --scope orchestration --parent platform --config '{"max_concurrent_tasks": 2}'`,
    ],
  })
    .addOption(choice('--scope <scope>', 'its level', SCOPES).makeOptionMandatory())
    .option('--parent <name or id>', 'the instance above it (every one but a global has one)')
    .option('--capability <tag>', 'a tag that it can do (repeatable)', collect)
    .addOption(choice('--acceptance <how>', 'who accepts offers to it', ['auto', 'manual']))
    .option('--config <json>', 'its whole config as JSON', jsonValue)
    .option('--start', 'start it at once')
    .action((name: string, options: Options) => create(context, name, options));
}

async function create({ client: connect, out }: CliContext, name: string, options: Options): Promise<void> {
  const { scope, parent, start, json } = options;
  const above = PARENT_SCOPE[scope];
  if (above !== null && parent === undefined)
    throw new CliError(EXIT.input, `a ${scope} needs --parent: the ${above} above it`);
  const client = connect();
  const created = await client.instances.create({
    name,
    scope,
    config: configOf(options),
    ...(parent !== undefined && { parent_id: await resolveInstance(client, parent) }),
  });
  const instance = start ? await client.instances.move(created.id, 'start') : created;
  if (json) out.json(instance);
  else showInstance(out, instance);
}

/** The server checks what is in it. */
function configOf({ config, capability, acceptance }: Options): InstanceCreate['config'] {
  if (config !== undefined && (typeof config !== 'object' || config === null || Array.isArray(config))) {
    throw new CliError(EXIT.input, '--config must be a JSON object');
  }
  return {
    ...config,
    ...(capability !== undefined && { capabilities: [...capability] }),
    ...(acceptance !== undefined && { acceptance }),
  };
}
