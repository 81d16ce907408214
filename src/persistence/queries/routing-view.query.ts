import type { Sequelize, Transaction } from 'sequelize';
import type { InstanceStatus } from '../../domain/instance.ts';
import { prepared, rowsOf } from '../prepared.ts';
import { normalizeLabel } from '../../domain/scopes/ranking.ts';
import type { Named } from '../../domain/scopes/rules.ts';
import type { Candidate } from '../../domain/scopes/scope-behavior.ts';

/** The children of an instance, as a behaviour may see them. */
export interface ChildrenView {
  /** The best of each criterion: each matcher that was asked for, least busy, longest without an offer. */
  readonly candidates: readonly Candidate[];
  /** Those that the rule's target describes and that may be chosen, the least busy first. */
  readonly named: readonly Candidate[];
  /** How many may be chosen. */
  readonly running: number;
  /** How many run, but are excluded, or are postponed. */
  readonly excluded: number;
  readonly postponed: number;
  readonly liveChildren: number;
  readonly existingChildren: number;
  /** Some of those that may not be chosen now, in name order. */
  readonly passedOver: readonly PassedOver[];
  /** Tasks that are open at the deciding instance itself (rule P3). */
  readonly openHere: number;
}

/** A child that may not be chosen now: it does not run, is excluded or is postponed. */
export interface PassedOver {
  readonly id: string;
  readonly name: string;
  readonly status: InstanceStatus;
}

/** Whose children, and what of the task they are judged by. */
export interface ChildrenAsk {
  readonly instanceId: string;
  readonly tags: readonly string[];
  /** The words of the task's text, empty where no keywords are looked at. */
  readonly words: string;
  /** In the order of the strategy; a later one is looked at only where the earlier found nobody. */
  readonly matchers: readonly ('tags' | 'keywords')[];
  /** Refused for good, or on the path. */
  readonly excluded: readonly string[];
  /** Refused softly: not eligible now, counted apart. */
  readonly postponed: readonly string[];
  /** What a rule names. */
  readonly named: Named | null;
}

/** One statement for shortlist and counts: a child that appears in between must not be in one of them only. */
const VIEW = prepared('SELECT hopper_children_view($1, $2, $3, $4, $5, $6, $7, $8) AS view');

/** Loads what a decision sees of the children; the work is done by a function of the database, whose plans are kept. */
export async function childrenView(
  sequelize: Sequelize,
  transaction: Transaction | null,
  ask: ChildrenAsk,
): Promise<ChildrenView> {
  const tags = [...new Set(ask.tags.map(normalizeLabel))];
  const named = ask.named === null ? [null, null] : [ask.named.by, namedValue(ask.named)];
  const bind = [ask.instanceId, ask.excluded, ask.postponed, ask.matchers, tags, ask.words, ...named];
  const [row] = await rowsOf<{ view: ChildrenView }>(sequelize, transaction, VIEW, bind);
  if (row === undefined) throw new TypeError('a function without an answer');
  return row.view;
}

function namedValue({ by, value }: Named): string {
  return by === 'capability' ? normalizeLabel(value) : value.trim();
}
