import { writeFile } from 'node:fs/promises';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What was asked for on the command line of a benchmark. */
export type Asked = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** A benchmark as `npm run` starts it. */
export interface Program<Report> {
  readonly name: string;
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  readonly measure: (asked: Asked) => Promise<Report>;
  readonly tableOf: (report: Report) => string;
  /** false: something is missing in the report, and the exit code says so. */
  readonly isWhole?: (report: Report) => boolean;
}

/** Runs a benchmark, prints its table, writes its figures where `--json` says; answers the exit code. */
export async function runBenchmark<Report>({
  name,
  help,
  options,
  measure,
  tableOf,
  isWhole = () => true,
}: Program<Report>): Promise<number> {
  try {
    const everywhere = { json: { type: 'string' }, help: { type: 'boolean' } } as const;
    const asked: Asked = parseArgs({ options: { ...options, ...everywhere } }).values;
    if (asked['help'] === true) return say(help);
    const report = await measure(asked);
    const file = asked['json'];
    if (typeof file === 'string') await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
    say(`${tableOf(report)}\n`);
    return isWhole(report) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    const isUsage = error instanceof TypeError && 'code' in error;
    if (isUsage) process.stderr.write(help);
    return isUsage ? 2 : 1;
  }
}

function say(text: string): 0 {
  process.stdout.write(text);
  return 0;
}
