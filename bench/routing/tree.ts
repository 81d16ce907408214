import pino from 'pino';
import { ADMIN } from '../../src/domain/actor.ts';
import { createHttpServer } from '../../src/http/server.ts';
import type { Models } from '../../src/persistence/models/models.ts';
import { createReads } from '../../src/persistence/queries/reads.ts';
import { createRepositories } from '../../src/persistence/repositories/repositories.ts';
import type { HopperService } from '../../src/service/hopper-service.ts';
import { type InstanceServiceNeeds, createInstanceService } from '../../src/service/instance.service.ts';

export interface TreeTimes {
  /** From the call of `subtreeOf` to plain objects. */
  readonly read: number[];
  /** From the request to the last byte of the JSON. */
  readonly api: number[];
}

/** Reads the tree of one Global, from the repository and through the HTTP API. */
export async function measureTree(models: Models, globalId: string, times: number): Promise<TreeTimes> {
  const reads = createReads(models);
  const app = createHttpServer({ service: serviceOf(models), log: pino({ level: 'silent' }), identify: () => ADMIN });
  const measured: TreeTimes = { read: [], api: [] };
  await app.ready();
  for (let time = 0; time <= times; time += 1) {
    const read = await timed(() => reads.subtreeOf(globalId));
    const api = await timed(async () => {
      const { statusCode } = await app.inject({ url: `/api/v1/instances/${globalId}/tree` });
      if (statusCode !== 200) throw new Error(`the tree answered ${String(statusCode)}`);
    });
    if (time === 0) continue; // the first warms up
    measured.read.push(read);
    measured.api.push(api);
  }
  await app.close();
  return measured;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Only trees are asked of it: nothing else is there. */
function serviceOf(models: Models): HopperService {
  const needs = { repositories: createRepositories(models), reads: createReads(models) };
  return { instances: createInstanceService(needs as InstanceServiceNeeds) } as HopperService;
}
