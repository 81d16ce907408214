import { chmod, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.ts';

export interface SdkDownload {
  kind: 'createLocal' | 'createTimeSkipping';
  version: string;
  /** The file that is to be there afterwards; its folder is empty before. */
  target: { folder: string; file: string };
  signal?: AbortSignal | undefined;
}

const DOWNLOAD_AND_STOP = `
const [kind, version, downloadDir] = process.argv.slice(1);
const { TestWorkflowEnvironment } = await import('@temporalio/testing');
const environment = await TestWorkflowEnvironment[kind]({ server: { executable: { type: 'cached-download', version, downloadDir } } });
await environment.teardown();
`;

/**
 * Lets the Temporal SDK download one of its servers; false: it could not, or the package that can is not installed.
 *
 * It runs in a process of its own, because the SDK sets up its one runtime per process as a side effect.
 */
export async function downloadWithSdk({ kind, version, target, signal }: SdkDownload): Promise<boolean> {
  const args = ['--input-type=module', '--eval', DOWNLOAD_AND_STOP, kind, version, target.folder];
  const { code } = await runProgram(process.execPath, args, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, NODE_OPTIONS: '' },
    timeoutMs: 300_000,
    signal,
  });
  const [downloaded, ...others] = await readdir(target.folder);
  if (code !== 0 || downloaded === undefined || others.length > 0) return false;
  const file = join(target.folder, target.file);
  await rename(join(target.folder, downloaded), file);
  await chmod(file, 0o755);
  return true;
}
