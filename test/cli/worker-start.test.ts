import { describe, expect, it } from '@jest/globals';
import { freshDatabase } from '../support/servers/database.ts';
import { temporalAddress } from '../support/servers/addresses.ts';
import { aFolder, hopper } from './cli.ts';

describe('hopper worker', () => {
  it('ends when it cannot start, so that whoever keeps it alive starts another', async () => {
    const database = await freshDatabase();
    const env = {
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: temporalAddress(),
      HOPPER_DATA_DIR: aFolder(),
      HOPPER_HIERARCHY: '/dev/null',
    };
    expect(await hopper(['migrate'], env)).toMatchObject({ code: 0 });
    const { code, err } = await hopper(['worker'], { ...env, TEMPORAL_NAMESPACE: 'not-there' });
    expect([code, err]).toEqual([1, expect.stringMatching(/namespace/i)]);
    await database.drop();
  });
});
