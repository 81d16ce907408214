import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const Manifest = z.object({ version: z.string() });
/** From the sources, and from what they are compiled to, which lies one folder deeper. */
const PLACES = ['../../package.json', '../../../package.json'];

/** The version of this Hopper, as its package.json has it. */
export function readVersion(): string {
  const file = PLACES.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (file === undefined) throw new Error('package.json is missing');
  return Manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
