// A stack in a process of its own, for tests that kill it.
import { startStack } from '../../src/stack/stack.ts';
import { StackError } from '../../src/stack/stack-error.ts';
import { stackOptions, type Answer } from './setup.ts';

async function start(dataDir: string): Promise<Answer> {
  try {
    const { databaseUrl, temporalAddress, pids } = await startStack(stackOptions(dataDir));
    return { databaseUrl, temporalAddress, pids };
  } catch (error) {
    if (error instanceof StackError) return { code: error.code, message: error.message };
    throw error;
  }
}

const [, , dataDir = ''] = process.argv;
process.send?.(await start(dataDir));
setInterval(() => undefined, 60_000);
