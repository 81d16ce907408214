import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { workflowBundlePath } from '../support/servers/addresses.ts';

/** The bundler names each module that it took in before the module's code. */
const MODULE = /^(?:\/\*{3}\/ )?["'](\.{0,2}\/[^"']+)["']/gm;

describe('the workflow bundle', () => {
  it('holds the workflows, and nothing that validates, stores or asks the machine', async () => {
    const code = await readFile(workflowBundlePath(), 'utf8');
    const modules = [...code.matchAll(MODULE)].map(([, path = '']) => path);
    expect(modules).toContainEqual(expect.stringMatching(/workflows\/index\.ts$/));
    expect(modules.filter((path) => /node_modules\/(zod|sequelize|pg|uuid|pino)\/|\.schema\.ts$/.test(path))).toEqual(
      [],
    );
  });
});
