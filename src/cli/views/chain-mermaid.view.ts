import type { ChainLinkResponse } from '../../domain/delegation.schema.ts';
import { plain } from '../plain.ts';
import { type Way, whereItIs } from './chain-tree.view.ts';

/** The chain as a Mermaid sequence diagram, to be pasted into Markdown. */
export function chainAsMermaid(way: Way): string {
  const { task, chain, names } = way;
  const scopes = new Map(
    chain.chain.flatMap(({ source_instance: source, target_instance: target }) => [
      [source.id, source.scope],
      [target.id, target.scope],
    ]),
  );
  const ids = [...new Set([chain.origin_instance_id, ...scopes.keys(), chain.current_instance_id])];
  const aliases = new Map(ids.map((id, index) => [id, `i${String(index)}`]));
  const aliasOf = (id: string): string => aliases.get(id) ?? 'i0';
  const lines = [
    ...ids.map((id) => {
      const scope = scopes.get(id);
      return `participant ${aliasOf(id)} as ${words(names.get(id) ?? id)}${scope === undefined ? '' : ` (${scope})`}`;
    }),
    `Note over ${aliasOf(chain.origin_instance_id)}: ${words(task.title)}`,
    ...chain.chain.flatMap((link) => messages(link, aliasOf)),
    `Note over ${aliasOf(chain.current_instance_id)}: ${words(whereItIs(way))}`,
  ];
  return ['sequenceDiagram', ...lines.map((line) => `  ${line}`)].join('\n');
}

function messages(link: ChainLinkResponse, aliasOf: (id: string) => string): readonly string[] {
  const [from, to] = [aliasOf(link.source_instance_id), aliasOf(link.target_instance_id)];
  const why = link.reason === null ? '' : `, ${words(link.reason)}`;
  const by = link.decided_by === null ? '' : ` by ${words(link.decided_by)}`;
  const said = link.notes === null ? '' : `, ${words(link.notes)}`;
  return [
    `${from}->>${to}: ${String(link.hop)} ${link.delegation_type}${why}`,
    ...(link.status === 'pending' ? [] : [`${to}-->>${from}: ${link.status}${by}${said}`]),
  ];
}

/** What has a meaning in Mermaid is written as a character code. */
function words(text: string): string {
  return plain(text).replaceAll(/[#;<>"]/g, (character) => `#${String(character.charCodeAt(0))};`);
}
