import { readFileSync } from 'node:fs';
import {
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml';
import { DomainError, type ErrorCode, type Problem } from '../domain/errors.ts';
import type { ConfigFile } from './settings.ts';
import { systemCode } from './system-code.ts';

/** What is wrong at one place of a document, named by the path of its keys. */
export interface Complaint {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** One document of a YAML file, as plain values, with the way back from a key to its line. */
export interface YamlDocument {
  readonly value: unknown;
  readonly locate: (complaint: Complaint) => Problem;
}

type Fault = Extract<ErrorCode, 'invalid_policy' | 'invalid_hierarchy'>;

/** The text of a file; null if it is absent and nobody named it. */
export function readConfigFile({ path, isNamed }: ConfigFile, fault: Fault): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' && !isNamed) return null;
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? String(error)})`;
    throw new DomainError(fault, `${path}: ${why}`, { cause: error });
  }
}

/** Every document of a YAML text; text that is no YAML is refused with all its faults. */
export function parseYaml(file: string, text: string, fault: Fault): readonly YamlDocument[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const documents = 'empty' in parsed ? [] : parsed;
  const faults = documents.flatMap(({ errors, warnings }): YAMLError[] => [...errors, ...warnings]);
  const problems = faults.map(({ pos, message }) => ({ path: placeOf(file, lines, pos[0]), message }));
  refuse(file, problems, fault);
  return documents.map((document) => ({
    value: plainValue(file, document, fault),
    locate: (complaint) => locate(file, lines, document, complaint),
  }));
}

/** Throws one error with all the problems, if there are any. */
export function refuse(file: string, problems: readonly Problem[], fault: Fault): void {
  if (problems.length > 0) throw new DomainError(fault, `${file} is not usable`, { problems });
}

function plainValue(file: string, document: Document, fault: Fault): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new DomainError(fault, `${file} is not usable: ${String(error)}`, { cause: error });
  }
}

function locate(file: string, lines: LineCounter, document: Document, { path, message }: Complaint): Problem {
  const key = path.map(String).join('.');
  return { path: placeOf(file, lines, offsetOf(document, path)), message: key === '' ? message : `${key}: ${message}` };
}

/** Where a key stands; of a key that is missing, where its nearest parent begins. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (!isCollection(node)) break;
    offset = keyOffset(node, step) ?? offset;
    node = node.get(step, true);
    if (node === undefined) break;
  }
  return offset;
}

function keyOffset(node: Node, step: PropertyKey): number | undefined {
  if (!isMap(node)) return isCollection(node) ? startOf(node.get(step, true)) : undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
  return startOf(pair?.key);
}

function startOf(node: unknown): number | undefined {
  const range: unknown = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  const start: unknown = Array.isArray(range) ? range[0] : undefined;
  return typeof start === 'number' ? start : undefined;
}

function placeOf(file: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${String(line)}:${String(col)}`;
}
