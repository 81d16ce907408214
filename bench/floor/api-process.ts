// The floor’s HTTP API, in a process of its own: `api-process.ts DATABASE_URL ADDRESS`.
import { Client, Connection } from '@temporalio/client';
import Fastify from 'fastify';
import { createFloor } from './floor.ts';
import { FloorStore } from './store.ts';
import type { FloorTask } from './workflows.ts';

const CONNECTIONS = 10;

const [, , databaseUrl = '', address = ''] = process.argv;
const connection = await Connection.connect({ address });
const floor = createFloor(new FloorStore(databaseUrl, CONNECTIONS), new Client({ connection }));
const app = Fastify();

app.post<{ Body: Omit<FloorTask, 'id'> }>('/tasks', async ({ body }, reply) => {
  const id = await floor.submit(body);
  return reply.code(201).send({ id });
});
app.post<{ Params: { id: string }; Body: { hop: number } }>('/tasks/:id/accept', async ({ params, body }) => {
  await floor.accept(params.id, body.hop);
  return { id: params.id };
});
app.post<{ Params: { id: string } }>('/tasks/:id/complete', async ({ params }) => {
  await floor.complete(params.id);
  return { id: params.id };
});
app.post<{ Body: { worker: string; waitMs: number } }>('/claim', async ({ body }, reply) => {
  const id = await floor.claim(body.worker, body.waitMs);
  return id === null ? reply.code(204).send() : { id };
});

process.on('SIGINT', () => undefined); // Ctrl-C is left to whoever started us
process.once('disconnect', () => process.exit()); // who is gone
const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ kind: 'ready', url });
