import { HopperClient } from '../client/hopper-client.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import { CliError, EXIT } from './cli-error.ts';
import { createOutput, type Output } from './output.ts';
import type { Parts } from './parts.ts';
import { readStackFile } from './stack-file.ts';

/** What the process gives to its commands. */
export interface Process {
  /** The script that runs, so that it can be started again with another command. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** What every command may use; settings and client are made when the first one asks. */
export interface CliContext extends Process {
  /** The words of the command line. */
  readonly typed: readonly string[];
  readonly out: Output;
  readonly parts: Parts;
  readonly settings: () => Settings;
  readonly client: () => HopperClient;
}

export function createContext(given: Process, parts: Parts, typed: readonly string[]): CliContext {
  let settings: Settings | undefined;
  const read = (): Settings => (settings ??= readSettings(given.env));
  return {
    ...given,
    parts,
    typed,
    out: createOutput(given.stdout, given.stderr, given.env),
    settings: read,
    client: () => connect(read()),
  };
}

/** HOPPER_URL names the server; else the stack of the data folder is asked. */
function connect({ url, apiKey, dataDir }: Settings): HopperClient {
  const stack = readStackFile(dataDir);
  if (url !== null) {
    const own = stack?.http_url === url ? stack.api_key : null;
    return new HopperClient({ url, apiKey: apiKey?.reveal() ?? own });
  }
  if (stack === null) {
    throw new CliError(
      EXIT.unreachable,
      `no Hopper runs in ${dataDir}: start one with \`hopper up\` (in a clone: \`npm start\`), or set HOPPER_URL`,
    );
  }
  return new HopperClient({ url: stack.http_url, apiKey: apiKey?.reveal() ?? stack.api_key });
}
