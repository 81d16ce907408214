import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { untilOffered, useBench } from './support/bench.ts';
import { FIRST_START_MS, devServer } from './support/dev-server.ts';
import { until } from './support/until.ts';

const PAGE = new URL('../../docs/temporal-client.md', import.meta.url);

describe('the list queries of docs/temporal-client.md', () => {
  const bench = useBench({ environment: () => devServer(), startWithinMs: FIRST_START_MS });

  it('are understood by the server', async () => {
    const queries = (await readFile(PAGE, 'utf8')).split('```sql\n')[1]!.split('\n```')[0]!.split('\n');
    expect(queries.length).toBeGreaterThan(5);
    for (const query of queries) await found(query);
  });

  it('find a task by where it is', async () => {
    const { handle } = await bench().begin({ tags: ['billing', 'pdf'] });
    await untilOffered(handle, 'billing');
    const query = "HopperPhase = 'offered' AND HopperTags = 'pdf' AND HopperInstance = 'global' AND HopperHops = 1";
    await until(
      () => found(query),
      (ids) => ids.includes(handle.workflowId),
    );
    expect(await found(`${query} AND HopperTags = 'invoices'`)).toEqual([]);
  });

  async function found(query: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const { workflowId } of bench().environment.client.workflow.list({ query })) ids.push(workflowId);
    return ids;
  }
});
