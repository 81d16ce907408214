import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, userCacheRoot } from '../../src/stack/cache.ts';
import { runProgram, withReminders } from '../../src/stack/run-program.ts';

/** How long it may take where nobody ever had it: packages are fetched, on a bare Debian Python itself. */
export const FIRST_PYTHON_MS = 300_000;

const say = (message: string): void => void process.stderr.write(`test servers: ${message}\n`);

/** The Python that has exactly these packages: a virtual environment in the user's cache, made once for each list. */
export async function pythonWith(requirementsFile: string): Promise<string> {
  const requirements = await readFile(requirementsFile);
  const base = (await versionOf('python3')) ?? (await installed());
  const key = createHash('sha256').update(requirements).update(base).digest('hex').slice(0, 16);
  const folder = await cached({
    root: userCacheRoot(),
    name: `python-${key}`,
    progress: say,
    fill: async (staging) => {
      say('making a virtual environment for Python (about 15 seconds, once)');
      await makeEnvironment(staging);
      const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
      await must(join(staging, 'bin/python'), [...pip, '-r', requirementsFile]);
    },
  });
  return join(folder, 'bin/python'); // its scripts know the folder by its first name; python itself does not care
}

/** Debian has the module in a package of its own. */
async function makeEnvironment(folder: string): Promise<void> {
  const { code } = await runProgram('python3', ['-m', 'venv', folder]);
  if (code === 0) return;
  await installed();
  await must('python3', ['-m', 'venv', '--clear', folder]);
}

/** Installs Python where that is possible without a question: as root, on a Debian. Answers its version. */
async function installed(): Promise<string> {
  if (process.getuid?.() !== 0) {
    throw new Error('Python 3.10 or newer with the module venv is needed (on Debian: apt-get install python3-venv)');
  }
  say('installing python3-venv with apt-get');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await must('apt-get', ['update', '-qq'], env);
  await must('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3', 'python3-venv'], env);
  return (await versionOf('python3')) ?? '';
}

async function versionOf(python: string): Promise<string | null> {
  const { code, output } = await runProgram(python, ['-c', 'import sys; print(sys.version, sys.base_prefix)']);
  return code === 0 ? output : null;
}

async function must(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const what = [program, ...args].join(' ');
  const { code, output } = await withReminders(what, say, () => runProgram(program, args, { env }));
  if (code !== 0) throw new Error(`${what} failed:\n${output}`);
}
