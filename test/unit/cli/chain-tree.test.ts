import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createOutput } from '../../../src/cli/output.ts';
import { type Way, showChainTree } from '../../../src/cli/views/chain-tree.view.ts';
import { anId } from '../../support/builders.ts';

const [PROJECT, GLOBAL, WHOLE, TASK] = [anId(1), anId(2), anId(3), anId(4)];
const AT = '2026-03-01T12:00:00.000Z';

/** The lines that are shown of one hop. */
function shown(task: object, link: object, ends: readonly [string, string]): string {
  const stream = new PassThrough() as unknown as NodeJS.WriteStream;
  const refs = { [PROJECT]: ['billing', 'project'], [GLOBAL]: ['hopper', 'global'] } as Record<
    string,
    [string, string]
  >;
  const refOf = (id: string) => ({ id, name: refs[id]![0], scope: refs[id]![1] });
  const hop = {
    ...{ id: anId(9), task_id: TASK, hop: 0, delegated_at: AT, accepted_at: AT, completed_at: null, expires_at: null },
    ...{ rejection_code: null, result: null, notes: null, reason: null, decided_by: 'ana' },
    ...{ source_instance_id: ends[0], source_instance: refOf(ends[0]) },
    ...{ target_instance_id: ends[1], target_instance: refOf(ends[1]) },
    ...link,
  };
  const way = {
    task: {
      ...{ id: TASK, title: 'split the invoices', tags: [], priority: 'high', status: 'queued', instance_id: ends[1] },
      ...{ parent_task_id: null, part_key: null, ...task },
    },
    chain: { task_id: TASK, chain: [hop], origin_instance_id: ends[0], current_instance_id: ends[1] },
    decisions: [],
    names: new Map([
      [PROJECT, 'billing'],
      [GLOBAL, 'hopper'],
    ]),
  } as unknown as Way;
  showChainTree(createOutput(stream, stream, {}), way);
  return String((stream as unknown as PassThrough).read());
}

describe('showChainTree', () => {
  it('says of a part where it began, and whose part it is', () => {
    const part = { parent_task_id: WHOLE, part_key: 'the form' };
    const lines = shown(part, { delegation_type: 'decompose', status: 'accepted' }, [PROJECT, PROJECT]);
    expect(lines).toContain(`● billing entered here as part "the form" of ${WHOLE}\n`);
    expect(lines).toContain('● 0 decompose at billing project, accepted, split off by ana\n');
  });

  it('says of an escalation who gave the task back', () => {
    const lines = shown({}, { delegation_type: 'escalate', status: 'completed', completed_at: AT }, [PROJECT, GLOBAL]);
    expect(lines).toContain('✔ 0 escalate billing ↑ hopper global, given back by ana\n');
  });
});
