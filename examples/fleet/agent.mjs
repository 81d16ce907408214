// An agent for `hopper work`: takes as long as its team takes, and fails where the script of the task says so.
//   hopper work fast -- node examples/fleet/agent.mjs fast
import { spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PACE_MS = { fast: 50, steady: 150, slow: 400 };
const HOPPER = fileURLToPath(new URL('../../bin/hopper.js', import.meta.url));

const [team = 'steady'] = process.argv.slice(2);
const task = JSON.parse(await text(process.stdin));
const attempt = Number(process.env.HOPPER_ATTEMPT);
const script = task.metadata.script ?? 'works';

await sleep(PACE_MS[team] ?? PACE_MS.steady);

switch (script) {
  case 'fails once':
    if (attempt === 1) fail('the first attempt never works');
    break;
  case 'needs patience':
    if (team === 'fast') fail('this needs somebody with patience');
    break;
  case 'crashes once':
    if (attempt === 1) process.kill(process.pid, 'SIGKILL');
    break;
  case 'poison':
    fail('nobody can do this');
    break;
  case 'splits':
    split(['the first half', 'the other half']);
    break;
}
process.stdout.write(JSON.stringify({ by: team, title: task.title }));

function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

/** Hands the task on in parts: it waits for them, and this agent is free. */
function split(titles) {
  const parts = titles.flatMap((title) => ['--part', title]);
  const { status } = spawnSync(process.execPath, [HOPPER, 'decompose', ...parts, '--json'], {
    stdio: ['ignore', 2, 2],
  });
  process.exit(status ?? 1);
}
