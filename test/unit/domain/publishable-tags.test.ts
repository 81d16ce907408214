import { describe, expect, it } from '@jest/globals';
import { publishableTags } from '../../../src/domain/search-attributes.ts';

describe('publishableTags', () => {
  it('keeps the tags that fit into one search attribute, in their order', () => {
    const tags = Array.from({ length: 100 }, (_, index) => `${String(index)}-`.padEnd(100, '請'));
    const published = publishableTags(tags);
    expect(published).toEqual(tags.slice(0, 6));
    expect(new TextEncoder().encode(JSON.stringify(published)).length).toBeLessThanOrEqual(2_000);
  });

  it('keeps all of an ordinary task', () => {
    expect(publishableTags(['billing', 'api'])).toEqual(['billing', 'api']);
    expect(publishableTags([])).toEqual([]);
  });
});
