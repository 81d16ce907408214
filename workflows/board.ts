import { type SearchAttributeUpdatePair, SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { attributesOf } from '../src/domain/search-attributes.ts';
import type { TaskSnapshot } from '../src/domain/task-snapshot.ts';
import { detailsOf, waitsFor } from './current-details.ts';
import { chainQuery, stateQuery } from './messages.ts';

const PHASE = defineSearchAttributeKey('HopperPhase', SearchAttributeType.KEYWORD);
const SCOPE = defineSearchAttributeKey('HopperScope', SearchAttributeType.KEYWORD);
const INSTANCE = defineSearchAttributeKey('HopperInstance', SearchAttributeType.KEYWORD);
const PROJECT = defineSearchAttributeKey('HopperProject', SearchAttributeType.KEYWORD);
const TAGS = defineSearchAttributeKey('HopperTags', SearchAttributeType.KEYWORD_LIST);
const HOPS = defineSearchAttributeKey('HopperHops', SearchAttributeType.INT);
const STEP = defineSearchAttributeKey('HopperStep', SearchAttributeType.INT);

/** What the outside sees of a workflow: the row that it adopted last. */
export class Board {
  private current: TaskSnapshot | null = null;
  private published: TaskSnapshot | null = null;
  private publishedStep: number | null = workflowInfo().typedSearchAttributes.get(STEP) ?? null;
  private readonly taskId: string;

  constructor(taskId: string) {
    this.taskId = taskId;
    const chain = { description: 'The delegations of this task in hop order, and where it entered and is.' };
    setHandler(chainQuery, () => this.chain(), chain);
    setHandler(stateQuery, () => this.state(), { description: 'Where this task is and what it waits for.' });
  }

  adopt(row: TaskSnapshot): void {
    this.current = row;
  }

  /** Called before a wait with nothing left to carry out, and at the end: a workflow task has one upsert at most. */
  publish(): void {
    const row = this.current;
    if (row === null || row === this.published) return;
    setCurrentDetails(detailsOf(row));
    this.published = row;
    if (row.step === this.publishedStep) return;
    upsertSearchAttributes(pairsOf(row));
    this.publishedStep = row.step;
  }

  private chain() {
    const { taskId, current } = this;
    const ends = { originInstanceId: current?.entryInstanceId ?? null, currentInstanceId: current?.holder.id ?? null };
    return { taskId, chain: current?.links ?? [], ...ends };
  }

  private state() {
    const { taskId, current: row } = this;
    if (row === null)
      return { taskId, status: 'routing' as const, step: 0, holder: null, waitsFor: 'its first decision', offer: null };
    const offer = row.offer === null ? null : { delegationId: row.offer.delegationId, to: row.offer.to };
    return { taskId, status: row.status, step: row.step, holder: row.holder.name, waitsFor: waitsFor(row), offer };
  }
}

function pairsOf(row: TaskSnapshot): SearchAttributeUpdatePair[] {
  const values = attributesOf(row);
  return [
    { key: PHASE, value: values.HopperPhase },
    { key: SCOPE, value: values.HopperScope },
    { key: INSTANCE, value: values.HopperInstance },
    { key: PROJECT, value: values.HopperProject },
    { key: TAGS, value: [...values.HopperTags] },
    { key: HOPS, value: values.HopperHops },
    { key: STEP, value: values.HopperStep },
  ];
}
