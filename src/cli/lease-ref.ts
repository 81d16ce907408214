import type { Command } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import { declare, type Declaration } from './command.ts';
import type { CliContext } from './context.ts';

/** A lease, with the token that shows that it is ours. */
export interface LeaseRef {
  readonly id: string;
  readonly token: string;
}

/** A command about one lease: named by its argument and `--token`, or by the environment that `hopper work` gives. */
export function declareForLease(parent: Command, declaration: Declaration): Command {
  return declare(parent, declaration)
    .option(
      '--token <token>',
      'the token that came with the lease; better in HOPPER_LEASE_TOKEN, where `ps` does not show it',
    )
    .addHelpText('after', '\nThe lease is HOPPER_LEASE_ID and its token HOPPER_LEASE_TOKEN where they are not given.');
}

export function leaseOf({ env }: CliContext, named: string | undefined, given: string | undefined): LeaseRef {
  const id = named ?? env['HOPPER_LEASE_ID'] ?? '';
  const token = given ?? env['HOPPER_LEASE_TOKEN'] ?? '';
  const problems = [
    ...(id === '' ? [{ path: 'lease', message: 'name it, or set HOPPER_LEASE_ID' }] : []),
    ...(token === '' ? [{ path: 'token', message: 'give --token, or set HOPPER_LEASE_TOKEN' }] : []),
  ];
  if (problems.length > 0) throw new CliError(EXIT.input, 'which lease?', { problems });
  return { id, token };
}
