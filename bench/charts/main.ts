// `npm run charts`: draws what the benchmarks measured, from the figures that are kept in docs/figures/.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Report } from '../growth/report.ts';
import { type Chart, svgOf } from './draw.ts';
import { growthCharts } from './growth-charts.ts';

const HELP = `Usage: npm run charts -- [options] [FILE…]

Draws the figures of benchmarks as SVG files. A file is named after its benchmark: growth.json is what
\`npm run bench:growth -- --json\` wrote. Without a FILE: all that are in docs/figures/.

  --out FOLDER  where the pictures go (docs/images)
  --help        this text
`;

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));

/** By the name of the file without its ending. */
const CHARTS: Readonly<Record<string, (figures: unknown) => readonly Chart[]>> = {
  growth: (figures) => growthCharts(figures as Report),
};

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = { out: { type: 'string', default: join(DOCS, 'images') }, help: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (values.help === true) process.stdout.write(HELP);
    else for (const file of positionals.length > 0 ? positionals : await keptFigures()) await draw(file, values.out);
    return 0;
  } catch (error) {
    process.stderr.write(`charts: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof TypeError ? 2 : 1;
  }
}

async function keptFigures(): Promise<string[]> {
  const folder = join(DOCS, 'figures');
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
}

async function draw(file: string, folder: string): Promise<void> {
  const chartsOf = CHARTS[basename(file, '.json')];
  if (chartsOf === undefined) throw new Error(`${file}: there are charts for ${Object.keys(CHARTS).join(', ')} alone`);
  await mkdir(folder, { recursive: true });
  for (const chart of chartsOf(JSON.parse(await readFile(file, 'utf8')))) {
    const picture = join(folder, `${chart.name}.svg`);
    await writeFile(picture, svgOf(chart));
    process.stdout.write(`${picture}\n`);
  }
}
