import type { Command } from 'commander';
import type { PolicyResponse } from '../../domain/published-policy.schema.ts';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import type { Output } from '../output.ts';
import { plain } from '../plain.ts';

export function configShowCommand(parent: Command, { client: connect, out }: CliContext): void {
  declare(parent, {
    usage: 'show [hash]',
    summary: 'The policy in force, or the one by which an old decision was made',
    examples: ['hopper config show', 'hopper config show --json', 'hopper config show HASH > policy.yaml'],
  }).action(async (hash: string | undefined, { json }: { json?: true }) => {
    const { policy } = connect();
    if (hash === undefined) {
      const inForce = await policy.inForce();
      if (json) out.json(inForce);
      else showInForce(out, inForce);
      return;
    }
    const kept = await policy.get(hash);
    if (json) out.json(kept);
    else showText(out, kept.text);
  });
}

function showInForce(out: Output, { hash, text, published_at: at, published_by: by, refused }: PolicyResponse): void {
  out.line(`in force\t${hash}`);
  out.line(`published\t${at} by ${plain(by)}`);
  if (refused !== null) {
    const [first = '', ...problems] = refused.problem.split('\n').map(plain);
    out.line(`${out.colours.red('refused')}\t${refused.at} by ${plain(refused.by)}: ${first}`);
    for (const problem of problems) out.line(`\t${problem}`);
  }
  out.line();
  showText(out, text);
}

function showText(out: Output, text: string): void {
  const written = text.trim() === '' ? '# the defaults' : text.trimEnd();
  for (const line of written.split(/\r?\n/)) out.line(plain(line));
}
