import { z } from 'zod';
import { JsonObjectSchema } from '../json.schema.ts';
import { PRIORITIES } from '../task.ts';
import { text, words } from '../text.schema.ts';
import { problemsOfList } from './part-list.ts';
import { JOINS, MAX_PARTS, type PartSpec } from './part.ts';

const label = words(100);

const PartBody = z.strictObject({
  title: words(500),
  key: label.optional().describe('its name among the parts; without one, its number'),
  description: text(50_000).nullish(),
  tags: z.array(label).max(100).default([]),
  priority: z.enum(PRIORITIES).nullish().describe('without one, that of the whole task'),
  estimated_duration: z.int().min(0).max(10_000_000).nullish(),
  metadata: JsonObjectSchema.default({}),
  after: z.array(label).max(MAX_PARTS).default([]).describe('keys of the parts that have to be completed first'),
});

const Parts = z
  .array(PartBody)
  .min(1, 'must have at least one part')
  .max(MAX_PARTS, `must have at most ${String(MAX_PARTS)} parts`)
  .transform((list) => list.map(toSpec))
  .superRefine((parts, context) => {
    for (const { path, message } of problemsOfList(parts)) {
      const [, index, field] = /^parts\[(\d+)\]\.(\w+)$/.exec(path) ?? [];
      const at = index === undefined || field === undefined ? [] : [Number(index), field];
      context.addIssue({ code: 'custom', path: at, message });
    }
  });

const Join = z.enum(JOINS).default('all').describe('when the parts end the task');

/** Body of `POST /tasks/:id/decompose`. */
export const DecomposeBody = z.strictObject({ parts: Parts, join: Join, force: z.boolean().optional() });
export type DecomposeInput = z.input<typeof DecomposeBody>;

/** Body of `POST /leases/:id/decompose`. */
export const DecomposeLeaseBody = z.strictObject({ parts: Parts, join: Join });
export type DecomposeLeaseBody = z.infer<typeof DecomposeLeaseBody>;
export type DecomposeLeaseInput = z.input<typeof DecomposeLeaseBody>;

function toSpec(body: z.output<typeof PartBody>, no: number): PartSpec {
  return {
    key: body.key ?? String(no + 1),
    title: body.title,
    description: body.description ?? null,
    tags: body.tags,
    priority: body.priority ?? null,
    estimatedDuration: body.estimated_duration ?? null,
    metadata: body.metadata,
    after: [...new Set(body.after)],
  };
}
