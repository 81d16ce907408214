import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto'; // CommonJS: Node itself finds no named export in it
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;
const TYPES = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  KEYWORD_LIST: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
  INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
} as const;

/** Registers Hopper's search attributes; may be repeated. */
export async function registerSearchAttributes(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
): Promise<void> {
  const wanted = Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [name, TYPES[type]] as const);
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(wanted) });
}
