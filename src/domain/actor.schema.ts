import { z } from 'zod';
import { ROLES } from './actor.ts';

/** Who did it, as events show it. */
export const ActorResponse = z.object({ name: z.string(), role: z.enum(ROLES) });
