/** A policy as it was published: `policy` is what it meant to the version that published it, perhaps another one. */
export interface KeptPolicy {
  readonly hash: string;
  readonly text: string;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly firstPublishedAt: Date;
}

/** The policy in force, since when and by whom, and the newer one that was refused. */
export interface CurrentPolicy extends KeptPolicy {
  readonly publishedAt: Date;
  readonly publishedBy: string;
  readonly refused: PolicyRefusal | null;
}

export interface PolicyRefusal {
  readonly at: Date;
  readonly by: string;
  /** Every problem, each on a line of its own. */
  readonly problem: string;
}
