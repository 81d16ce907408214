// Bundles the workflows once, for tests and for production: `node scripts/workflow-bundle.mjs [TARGET]` copies it there, or prints where it is.
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { filesIn, fingerprint } from './fingerprint.mjs';
import { CACHE, inRoot, isProgram, writeWhole } from './root.mjs';

const HOUR_MS = 3_600_000;

/** The path of a bundle of the sources as they are now; made only when no earlier run made it. */
export async function workflowBundle() {
  for (;;) {
    const wanted = pathOf(bundleFingerprint());
    if (existsSync(wanted)) return wanted;
    const { DefaultLogger, bundleWorkflowCode } = await import('@temporalio/worker');
    const { code } = await bundleWorkflowCode({
      workflowsPath: inRoot('workflows'),
      logger: new DefaultLogger('WARN'),
    });
    if (pathOf(bundleFingerprint()) !== wanted) continue; // edited meanwhile: nobody knows what is in it
    writeWhole(wanted, code);
    forgetOld(wanted);
  }
}

const pathOf = (hash) => join(CACHE, `workflows-${hash}.js`);

/** What goes into the bundle: workflows, and the only layer that they may import values from. */
function bundleFingerprint() {
  return fingerprint([...filesIn(['workflows', 'src/domain']), 'package-lock.json', 'scripts/workflow-bundle.mjs']);
}

function publish(bundle, target) {
  const draft = `${target}.${process.pid}`;
  copyFileSync(bundle, draft);
  renameSync(draft, target);
}

function forgetOld(current) {
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name);
    if (!name.startsWith('workflows-') || path === current) continue;
    if (Date.now() - statSync(path).mtimeMs > HOUR_MS) rmSync(path, { force: true });
  }
}

if (isProgram(import.meta.url)) {
  const bundle = await workflowBundle();
  if (process.argv[2] === undefined) console.log(bundle);
  else publish(bundle, resolve(process.argv[2]));
}
