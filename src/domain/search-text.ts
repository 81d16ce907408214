import type { InstanceConfig } from './instance.schema.ts';

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'word' });

/** What an instance is found by. */
export interface SearchText {
  readonly labels: string;
  readonly prose: string;
}

/** The words of a text, one space between two, also where the script has none between words. */
export function wordsOf(text: string): string {
  return Array.from(SEGMENTER.segment(text))
    .filter((segment) => segment.isWordLike === true)
    .map((segment) => segment.segment)
    .join(' ');
}

/** The words by which keyword routing finds an instance (rule K1). */
export function searchTextOf(
  name: string,
  { capabilities = [], keywords = [], description = '' }: InstanceConfig,
): SearchText {
  return { labels: wordsOf([name, ...capabilities, ...keywords].join('\n')), prose: wordsOf(description) };
}
