import type { Command } from 'commander';
import { loadHierarchy } from '../../config/hierarchy-file.ts';
import { loadPolicy } from '../../config/policy-file.ts';
import type { ConfigFile } from '../../config/settings.ts';
import { DomainError, type Problem } from '../../domain/errors.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { plain } from '../plain.ts';

interface Options {
  readonly hierarchy?: string;
  readonly json?: true;
}

export function configCheckCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'check [file]',
    summary: 'Check a policy file (else that of HOPPER_CONFIG); needs no server',
    examples: [
      'hopper config check',
      'hopper config check new-policy.yaml && hopper config publish new-policy.yaml',
      'hopper config check --hierarchy config/hierarchy.yaml',
    ],
  })
    .option('--hierarchy <file>', 'check this hierarchy too')
    .action((file: string | undefined, options: Options) => check(context, file, options));
}

async function check(context: CliContext, file: string | undefined, { hierarchy, json }: Options): Promise<void> {
  const { settings, out, parts } = context;
  const policyFile = file === undefined ? settings().policyFile : named(file);
  const problems: Problem[] = [];
  const checks = await parts.policyCheck(policyFile);
  const loaded = attempt(() => loadPolicy(policyFile, checks), problems);
  if (loaded !== null) problems.push(...(await checks.problemsOf(loaded.policy)));
  const hash = loaded?.hash ?? null;
  if (hierarchy !== undefined) attempt(() => loadHierarchy(named(hierarchy), checks), problems);
  const files = [policyFile.path, ...(hierarchy === undefined ? [] : [hierarchy])];
  if (json) out.json({ ok: problems.length === 0, files, hash, problems });
  if (problems.length > 0) throw new CliError(EXIT.input, `${files.join(' and ')}: not usable`, { problems });
  if (!json)
    for (const each of files) out.line(`OK\t${plain(each)}${each === policyFile.path ? `\t${hash ?? ''}` : ''}`);
}

function named(path: string): ConfigFile {
  return { path, isNamed: true };
}

/** What a file is refused for; one that cannot be read at all has one problem, without a line. */
function attempt<Loaded>(load: () => Loaded, problems: Problem[]): Loaded | null {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    problems.push(...(error.problems.length > 0 ? error.problems : [{ path: '', message: error.message }]));
    return null;
  }
}
