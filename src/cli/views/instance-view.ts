import type { InstanceResponse, InstanceTreeResponse } from '../../domain/instance.schema.ts';
import type { InstanceStatus } from '../../domain/instance.ts';
import type { Output } from '../output.ts';
import { plain } from '../plain.ts';
import { namesOf } from './task-view.ts';

export function showInstances(
  out: Output,
  instances: readonly InstanceResponse[],
  all: readonly InstanceResponse[],
): void {
  const names = namesOf(all);
  out.table(
    ['id', 'scope', 'status', 'parent', 'name'],
    instances.map(({ id, scope, status, parent_id: parent, name }) => [
      id,
      scope,
      status,
      parent === null ? '-' : (names.get(parent) ?? parent),
      name,
    ]),
  );
}

/** What a command did to an instance, in one line. */
export function showInstance(out: Output, { id, scope, status, name }: InstanceResponse): void {
  out.line(`${id}\t${scope}\t${statusColour(out, status)(status)}\t${plain(name)}`);
}

/** A tree, drawn with lines on a terminal and by indentation everywhere. */
export function showTree(out: Output, tree: InstanceTreeResponse, before = '', branch = '', below = ''): void {
  const { colours } = out;
  const status = tree.status === 'running' ? '' : ` ${statusColour(out, tree.status)(tree.status)}`;
  const byHand = tree.config.acceptance === 'manual' ? colours.yellow(' accepts by hand') : '';
  const abilities = (tree.config.capabilities ?? []).join(', ');
  const facts = [tree.scope, abilities, tree.id].filter((fact) => fact !== '').map(plain);
  out.line(`${before}${branch}${colours.bold(plain(tree.name))}${status}${byHand} ${colours.dim(facts.join(' · '))}`);
  tree.children.forEach((child, index) => {
    const isLast = index === tree.children.length - 1;
    showTree(out, child, `${before}${below}`, isLast ? '└─ ' : '├─ ', isLast ? '   ' : '│  ');
  });
}

function statusColour({ colours }: Output, status: InstanceStatus): (text: string) => string {
  if (status === 'running') return colours.green;
  return status === 'error' ? colours.red : colours.yellow;
}
