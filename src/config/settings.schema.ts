import { z } from 'zod';

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number from 0 (any free one) to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a port number from 0 (any free one) to 65535');

const host = z.string().regex(/^[\w.:-]+$/, 'must be a host name or an IP address');

/** The variables that Hopper reads; an empty one counts as absent. */
export const EnvironmentSchema = z.object({
  HOPPER_DATA_DIR: z.string().default('.hopper'),
  HOPPER_HOST: host.default('127.0.0.1'),
  HOPPER_HTTP_PORT: port.default(8080),
  HOPPER_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be trace, debug, info, warn, error, fatal or silent',
    })
    .default('info'),
  HOPPER_URL: address(['http:', 'https:'], 'must be a URL such as http://127.0.0.1:8080')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  HOPPER_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must consist of visible ASCII characters')
    .optional(),
  HOPPER_SERVER_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  HOPPER_CONFIG: z.string().optional(),
  HOPPER_HIERARCHY: z.string().optional(),
  DATABASE_URL: address(
    ['postgres:', 'postgresql:'],
    'must be a URL such as postgres://user:password@host:5432/name',
  ).optional(),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^(\[[\da-fA-F:]+\]|[\w.-]+):\d{1,5}$/, 'must be HOST:PORT, such as 127.0.0.1:7233')
    .optional(),
  TEMPORAL_NAMESPACE: z
    .string()
    .regex(/^[\w.-]{2,1000}$/, 'must be the name of a namespace, such as default')
    .default('default'),
  HOPPER_TEMPORAL_PORT: port.optional(),
  HOPPER_TEMPORAL_UI_PORT: port.optional(),
  HOPPER_PG_PORT: port.optional(),
});
export type Environment = z.infer<typeof EnvironmentSchema>;

function address(protocols: readonly string[], complaint: string): z.ZodString {
  return z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), complaint);
}
