import type { HopperClient } from '../client/hopper-client.ts';
import type { InstanceResponse } from '../domain/instance.schema.ts';
import { CliError, EXIT } from './cli-error.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PAGE = 200;

/** The id of the instance that is named by its id, or by a name that only one has. */
export async function resolveInstance(client: HopperClient, named: string): Promise<string> {
  if (UUID.test(named)) return named;
  const all = await allInstances(client);
  const matches = all.filter(({ name, status }) => name === named && status !== 'terminated');
  const [first, second] = matches;
  if (first === undefined) {
    throw new CliError(EXIT.notFound, `there is no instance "${named}"; \`hopper instance list\` shows all`);
  }
  if (second === undefined) return first.id;
  throw new CliError(EXIT.input, `${String(matches.length)} instances are named "${named}": give the id of one`, {
    problems: matches.map(({ id, scope }) => ({ path: id, message: scope })),
  });
}

/** Every instance, page by page. */
export async function allInstances(client: HopperClient): Promise<readonly InstanceResponse[]> {
  const found: InstanceResponse[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.instances.list({ limit: PAGE, cursor });
    found.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
