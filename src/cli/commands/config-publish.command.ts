import type { Command } from 'commander';
import { HopperApiError } from '../../client/api-error.ts';
import { readPolicyText } from '../../config/policy-file.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';

export function configPublishCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'publish [file]',
    summary: 'Put a policy file (else that of HOPPER_CONFIG) into force for every worker',
    examples: ['hopper config publish', 'hopper config publish new-policy.yaml --json'],
  }).action((file: string | undefined, options: { json?: true }) => publish(context, file, options));
}

async function publish(context: CliContext, named: string | undefined, { json }: { json?: true }): Promise<void> {
  const { settings, client, out } = context;
  const file = named === undefined ? settings().policyFile : { path: named, isNamed: true };
  const text = readPolicyText(file);
  const published = await client()
    .policy.publish(text)
    .catch((error: unknown): never => {
      throw inFile(error, file.path);
    });
  if (json) out.json(published);
  else if (published.changed) out.line(`published\t${published.hash}\tbefore: ${published.previous_hash ?? 'none'}`);
  else out.line(`in force already\t${published.hash}`);
}

/** The server knows a text, the person a file. */
function inFile(error: unknown, path: string): unknown {
  if (!(error instanceof HopperApiError) || error.code !== 'invalid_policy') return error;
  const problems = error.errors.map((problem) => ({
    ...problem,
    path: problem.path.replace(/^text(?=:|$)/, () => path),
  }));
  return new CliError(EXIT.input, `${path} is not usable`, { problems, cause: error });
}
