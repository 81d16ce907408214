import process from 'node:process';
import { runCli } from './cli/run-cli.ts';
import type { Parts } from './cli/parts.ts';
import { ADMIN } from './domain/actor.ts';

/** The parts are loaded when a command starts one: a command that only talks HTTP is there at once. */
const parts: Parts = {
  policyCheck: async (file) => (await import('./policy-parts.ts')).policyParts(file),
  migrate: async (settings) => (await import('./composition.ts')).migrateDatabase(settings),
  worker: async (settings) => {
    const [{ composeWorker }, { createLog }, { logTemporalTo }] = await Promise.all([
      import('./composition.ts'),
      import('./telemetry/log.ts'),
      import('./temporal/logging.ts'),
    ]);
    const log = createLog('worker', settings.logLevel, process.stdout.isTTY);
    logTemporalTo(log);
    return composeWorker(settings, { log });
  },
  serve: async (settings) => {
    const [{ composeApi }, { createHttpServer }, { listen }, { createLog }] = await Promise.all([
      import('./composition.ts'),
      import('./http/server.ts'),
      import('./http/listen.ts'),
      import('./telemetry/log.ts'),
    ]);
    const api = await composeApi(settings);
    const log = createLog('http', settings.logLevel, process.stdout.isTTY);
    const app = createHttpServer({ service: api.service, log, identify: () => ADMIN });
    const close = (): Promise<void> => api.close();
    const listening = await listen(app, { host: settings.host, port: settings.httpPort }).catch(
      async (error: unknown) => {
        await close();
        throw error;
      },
    );
    return { url: listening.url, close: () => listening.close().finally(close) };
  },
};

/** `hopper task list | head` closes our output early; that is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const [, entry = '', ...args] = process.argv;
const { env, stdin, stdout, stderr } = process;
process.exitCode = await runCli(args, { entry, env, stdin, stdout, stderr }, parts);
