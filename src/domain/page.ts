/** One page of a longer list; `nextCursor` asks for the next one, null means that there is none. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}
