import { afterEach, describe, expect, it } from '@jest/globals';
import { readStackFile, type StackFile } from '../../src/cli/stack-file.ts';
import { eventually } from '../support/hopper.ts';
import { aFolder, hopper, rows } from './cli.ts';
import { hasStackFile, isAlive, startUp, type Up } from './up.ts';

type Part = Exclude<keyof StackFile['pids'], 'main'>;

/** Kills one part; answers what stack.json says when it, and everything else, runs again. */
async function killed(dataDir: string, part: Part): Promise<StackFile> {
  const before = readStackFile(dataDir)?.pids[part] ?? NaN;
  process.kill(before, 'SIGKILL');
  const after = await eventually(
    () => Promise.resolve(readStackFile(dataDir)),
    (stack) => stack?.pids[part] !== before && Object.values(stack?.pids ?? {}).every(isAlive),
    60_000,
  );
  if (after === null) throw new Error('there is no stack.json');
  return after;
}

async function untilQueued(dataDir: string, title: string): Promise<void> {
  const env = { HOPPER_DATA_DIR: dataDir };
  const [[id = ''] = []] = rows((await hopper(['submit', title, '--tag', 'frontend'], env)).out);
  await eventually(
    async () => (await hopper(['task', 'show', id, '--json'], env)).out,
    (out) => out.includes('"queued"'),
    60_000,
  );
}

const started: Up[] = [];
afterEach(async () => {
  for (const up of started.splice(0)) {
    up.signal('SIGINT');
    await up.ended;
  }
}, 60_000);

function start(dataDir: string): Up {
  const up = startUp(dataDir);
  started.push(up);
  return up;
}

describe('hopper up whose servers are killed', () => {
  it('starts them again where they were, and tasks go on', async () => {
    const dataDir = aFolder();
    const up = start(dataDir);
    const first = await up.ready();
    for (const part of ['postgres', 'temporal'] as const) {
      const now = await killed(dataDir, part);
      await untilQueued(dataDir, `after the end of ${part}`);
      expect({ ...now, pids: null }).toEqual({ ...first, pids: null });
      expect(now.pids.main).toBe(first.pids.main);
    }
    for (const title of ['PostgreSQL', 'Temporal']) {
      expect(up.said()).toMatch(new RegExp(`hopper: ${title} ended \\(SIGKILL\\).*\\nhopper: ${title} is back\\n`));
    }
    const { pids } = readStackFile(dataDir)!;
    up.signal('SIGINT');
    expect(await up.ended).toBe(0);
    expect(hasStackFile(dataDir)).toBe(false);
    for (const pid of Object.values(pids)) expect(isAlive(pid)).toBe(false);
  }, 240_000);

  it('has a worker that comes back when it was killed while Temporal was away', async () => {
    const dataDir = aFolder();
    const up = start(dataDir);
    const { pids } = await up.ready();
    process.kill(pids.temporal!, 'SIGSTOP');
    process.kill(pids.worker!, 'SIGKILL');
    await eventually(
      () => Promise.resolve(up.said()),
      (said) => (said.match(/`hopper worker` ended/g) ?? []).length > 1,
      60_000,
    );
    process.kill(pids.temporal!, 'SIGCONT');
    await untilQueued(dataDir, 'after the worker came back');
  }, 240_000);

  it('stops at once when it is told to while one is away', async () => {
    const dataDir = aFolder();
    const up = start(dataDir);
    const { pids } = await up.ready();
    process.kill(pids.temporal!, 'SIGKILL');
    await eventually(
      () => Promise.resolve(up.said()),
      (said) => said.includes('Temporal ended'),
    );
    up.signal('SIGINT');
    expect(await up.ended).toBe(0);
    expect(hasStackFile(dataDir)).toBe(false);
    for (const pid of Object.values(pids)) expect(isAlive(pid)).toBe(false);
    const next = start(dataDir);
    await next.ready();
    next.signal('SIGINT');
    expect(await next.ended).toBe(0);
  }, 180_000);
});
