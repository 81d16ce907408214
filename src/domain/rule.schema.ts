import { z } from 'zod';
import { words } from './text.schema.ts';

/** Names the child that a rule is about: by its id, by its name, or any that has the capability. */
const RuleTargetSchema = z
  .strictObject({ id: z.uuid().toLowerCase(), name: words(200), capability: words(100) })
  .partial()
  .refine((target) => Object.keys(target).length === 1, 'give one of id, name and capability');
export type RuleTarget = Readonly<z.infer<typeof RuleTargetSchema>>;

/** One routing rule: when its expression holds for a task, the target is required, or preferred to what the strategies find. */
export const RuleSchema = z
  .strictObject({
    name: words(100).optional(),
    when: words(2_000),
    require: RuleTargetSchema.optional(),
    prefer: RuleTargetSchema.optional(),
  })
  .refine((rule) => (rule.require === undefined) !== (rule.prefer === undefined), 'give one of require and prefer');
export type Rule = Readonly<z.infer<typeof RuleSchema>>;
