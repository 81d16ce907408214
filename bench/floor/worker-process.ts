// The floor’s worker, in a process of its own and with the settings of Hopper’s: `worker-process.ts DATABASE_URL ADDRESS`.
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { FLOOR_QUEUE } from './floor.ts';
import { createFloorSteps } from './steps.ts';
import { FloorStore } from './store.ts';

const CONNECTIONS = 16;
const CACHED_WORKFLOWS = 500;

const [, , databaseUrl = '', address = ''] = process.argv;
Runtime.install({ logger: new DefaultLogger('WARN') });
const store = new FloorStore(databaseUrl, CONNECTIONS);
await store.createTables();
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue: FLOOR_QUEUE,
  workflowsPath: fileURLToPath(new URL('workflows.ts', import.meta.url)),
  activities: createFloorSteps(store),
  maxConcurrentLocalActivityExecutions: CONNECTIONS,
  maxCachedWorkflows: CACHED_WORKFLOWS,
  shutdownGraceTime: '10 seconds',
});
process.on('SIGINT', () => undefined); // Ctrl-C is left to whoever started us
process.once('disconnect', () => process.exit()); // who is gone
const running = worker.run();
process.send?.({ kind: 'ready' });
await running;
await Promise.all([connection.close(), store.close()]);
process.exit();
