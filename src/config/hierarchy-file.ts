import type { Problem } from '../domain/errors.ts';
import { CHILD_SCOPE, type Scope, SCOPES } from '../domain/instance.ts';
import { problemsOfRules } from '../domain/scopes/rules.ts';
import { complaintsOf } from './complaints.ts';
import { HierarchyNode } from './hierarchy.schema.ts';
import { type PolicyChecks, UNCHECKED } from './policy-checks.ts';
import type { ConfigFile } from './settings.ts';
import { type Complaint, parseYaml, readConfigFile, refuse, type YamlDocument } from './yaml-file.ts';

/** Reads the trees of a hierarchy file, one root per document; an absent file that nobody named has none. */
export function loadHierarchy(
  file: ConfigFile,
  { problemOf }: Pick<PolicyChecks, 'problemOf'> = UNCHECKED,
): readonly HierarchyNode[] {
  const text = readConfigFile(file, 'invalid_hierarchy') ?? '';
  const documents = parseYaml(file.path, text, 'invalid_hierarchy').filter(({ value }) => value !== null);
  const checked = documents.map((document) => checkDocument(document, problemOf));
  const problems = [...checked.flatMap(({ problems: found }) => found), ...repeatedRoots(documents)];
  refuse(file.path, problems, 'invalid_hierarchy');
  return checked.flatMap(({ roots }) => roots);
}

interface Checked {
  readonly problems: readonly Problem[];
  readonly roots: readonly HierarchyNode[];
}

function checkDocument(document: YamlDocument, problemOf: PolicyChecks['problemOf']): Checked {
  const parsed = HierarchyNode.safeParse(document.value);
  const complaints = [
    ...(parsed.success ? brokenRules(parsed.data, problemOf, []) : complaintsOf(parsed.error)),
    ...misfits(document.value, 'global', []),
  ];
  return { problems: complaints.map(document.locate), roots: parsed.success ? [parsed.data] : [] };
}

function brokenRules(
  { config, children }: HierarchyNode,
  problemOf: PolicyChecks['problemOf'],
  path: readonly PropertyKey[],
): Complaint[] {
  return [
    ...problemsOfRules(config.rules ?? [], problemOf).map((problem) => ({
      path: [...path, 'config', 'rules', ...problem.path],
      message: problem.message,
    })),
    ...children.flatMap((child, index) => brokenRules(child, problemOf, [...path, 'children', index])),
  ];
}

/** What no schema of a single node sees: levels that do not nest, and siblings of one name. */
function misfits(node: unknown, expected: Scope | null | undefined, path: readonly PropertyKey[]): Complaint[] {
  if (!isRecord(node)) return [];
  const scope = SCOPES.find((known) => known === node['scope']);
  const children: readonly unknown[] = Array.isArray(node['children']) ? node['children'] : [];
  return [
    ...scopeMisfit(scope, expected, path),
    ...repeatedNames(children).map((index) => ({
      path: [...path, 'children', index, 'name'],
      message: 'another child of the same instance has this name',
    })),
    ...children.flatMap((child, index) =>
      misfits(child, scope === undefined ? undefined : CHILD_SCOPE[scope], [...path, 'children', index]),
    ),
  ];
}

/** Below an instance whose own scope is unknown, anything may be right. */
function scopeMisfit(
  scope: Scope | undefined,
  expected: Scope | null | undefined,
  path: readonly PropertyKey[],
): Complaint[] {
  if (scope === undefined || expected === undefined || scope === expected) return [];
  const rule = 'the levels are global, project, orchestration, each below the one before';
  const message = expected === null ? `nothing can be here: ${rule}` : `must be ${expected} here: ${rule}`;
  return [{ path: [...path, 'scope'], message }];
}

function repeatedRoots(documents: readonly YamlDocument[]): Problem[] {
  const message = 'another root has this name';
  return repeatedNames(documents.map(({ value }) => value)).flatMap(
    (index) => documents[index]?.locate({ path: ['name'], message }) ?? [],
  );
}

function repeatedNames(nodes: readonly unknown[]): number[] {
  const names = nodes.map((node) => (isRecord(node) && typeof node['name'] === 'string' ? node['name'] : null));
  return [...names.entries()]
    .filter(([index, name]) => name !== null && names.indexOf(name) < index)
    .map(([index]) => index);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
