// `npm start`: from a fresh clone to a running Hopper. Needs nothing but Node.
import { ensureInstalled } from './install.mjs';

try {
  ensureInstalled();
  const { ensureBuilt } = await import('./build.mjs');
  await ensureBuilt();
} catch (error) {
  console.error(`hopper: ${error.message}`);
  process.exit(1);
}

const { runHopper } = await import('./run-hopper.mjs');
await runHopper(['up', ...process.argv.slice(2)]);
