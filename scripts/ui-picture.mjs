// Takes a picture of a task in the Temporal UI of the running stack, for the documents:
//   node scripts/ui-picture.mjs TASK_ID docs/images/temporal-ui.png
// Needs a Chromium; CHROMIUM names its program.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const QUIET = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'].map((name) => `--disable-${name}`);
const [taskId = '', picture = 'temporal-ui.png'] = process.argv.slice(2);
const dataDir = process.env.HOPPER_DATA_DIR ?? '.hopper';
const { temporal_ui_url: ui, namespace } = JSON.parse(await readFile(join(dataDir, 'stack.json'), 'utf8'));
const profile = await mkdtemp(join(tmpdir(), 'hopper-picture-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  viewport: { width: 1640, height: 760 },
  args: ['--no-sandbox', '--no-first-run', ...QUIET],
});
try {
  const page = await browser.newPage();
  await page.goto(`${ui}/namespaces/${namespace}/workflows/${encodeURIComponent(`task/${taskId}`)}`);
  await page.getByText('User Metadata').click();
  await page.frameLocator('iframe').last().getByText('why').first().waitFor();
  await page.screenshot({ path: picture });
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}
