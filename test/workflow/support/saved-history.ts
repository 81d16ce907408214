import { readFile, readdir, writeFile } from 'node:fs/promises';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto'; // CommonJS: Node itself finds no named export in it

const Codec = proto.temporal.api.history.v1.History;
const FOLDER = new URL('../histories/', import.meta.url);

export interface SavedHistory {
  readonly workflowId: string;
  readonly history: History;
}

export async function savedNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
}

export async function readSaved(name: string): Promise<SavedHistory> {
  const saved = JSON.parse(await readFile(fileOf(name), 'utf8')) as { workflowId: string; events: object[] };
  return { workflowId: saved.workflowId, history: Codec.fromObject({ events: saved.events }) };
}

/** Keeps a history, one event a line, so that a difference can be read, and without the names and paths of the machine that made it. */
export async function save(name: string, workflowId: string, history: History): Promise<void> {
  const kept = Codec.toObject(Codec.fromObject(history), { bytes: String, longs: String, enums: String });
  const lines = (kept['events'] as unknown[]).map((event) => `    ${JSON.stringify(event, withoutMachine)}`);
  const id = JSON.stringify(workflowId);
  await writeFile(fileOf(name), `{\n  "workflowId": ${id},\n  "events": [\n${lines.join(',\n')}\n  ]\n}\n`);
}

function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'identity') return 'test';
  if (key === 'stackTrace') return '';
  const isSticky = typeof value === 'object' && value !== null && 'normalName' in value && value.normalName !== '';
  return isSticky ? { ...value, name: 'sticky' } : value;
}

function fileOf(name: string): URL {
  return new URL(`${name}.json`, FOLDER);
}
