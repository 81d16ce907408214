#!/usr/bin/env node
import { ensureBuilt } from '../scripts/build.mjs';
import { isInstalled } from '../scripts/install.mjs';
import { runHopper } from '../scripts/run-hopper.mjs';

if (!isInstalled()) {
  console.error('hopper: the dependencies are missing or out of date: run `npm start` once, it installs them');
  process.exit(1);
}
try {
  await ensureBuilt();
} catch (error) {
  console.error(`hopper: ${error.message}`);
  process.exit(1);
}
await runHopper(process.argv.slice(2));
