import { z } from 'zod';
import { SCOPES } from '../domain/instance.ts';
import { InstanceConfigSchema, refuseForeignKeys } from '../domain/instance.schema.ts';
import { words } from '../domain/text.schema.ts';

/** One instance of `config/hierarchy.yaml`, with everything below it. */
export const HierarchyNode = z
  .strictObject({
    name: words(200),
    scope: z.enum(SCOPES),
    config: InstanceConfigSchema.default({}),
    get children(): z.ZodDefault<z.ZodArray<typeof HierarchyNode>> {
      return z.array(HierarchyNode).default([]);
    },
  })
  .superRefine(refuseForeignKeys);
export type HierarchyNode = z.infer<typeof HierarchyNode>;
