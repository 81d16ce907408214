import type { Page } from '../../domain/page.ts';

interface List<Shown> {
  items: Shown[];
  next_cursor: string | null;
}

export function presentPage<Item, Shown>(page: Page<Item>, present: (item: Item) => Shown): List<Shown> {
  return { items: page.items.map(present), next_cursor: page.nextCursor };
}

/** A list that is never longer than one page. */
export function presentAll<Item, Shown>(items: readonly Item[], present: (item: Item) => Shown): List<Shown> {
  return { items: items.map(present), next_cursor: null };
}
