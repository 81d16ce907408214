import { resolve } from 'node:path';
import { DomainError, type Problem } from '../domain/errors.ts';
import { Secret } from './secret.ts';
import { type Environment, EnvironmentSchema } from './settings.schema.ts';

/** The task queue of Hopper's own worker. */
const TASK_QUEUE = 'hopper';

/** A file of settings; only one that nobody named may be absent. */
export interface ConfigFile {
  readonly path: string;
  readonly isNamed: boolean;
}

/** Everything that the environment says, read once and checked at once. */
export interface Settings {
  readonly dataDir: string;
  readonly host: string;
  readonly httpPort: number;
  readonly logLevel: Environment['HOPPER_LOG_LEVEL'];
  /** Where CLI and client find Hopper; null: through stack.json. */
  readonly url: string | null;
  readonly apiKey: Secret | null;
  readonly serverKey: Secret | null;
  readonly policyFile: ConfigFile;
  readonly hierarchyFile: ConfigFile;
  /** null: the embedded PostgreSQL. */
  readonly databaseUrl: Secret | null;
  /** null: the embedded Temporal. */
  readonly temporalAddress: string | null;
  readonly temporalNamespace: string;
  readonly taskQueue: string;
  /** Ports of the embedded servers; absent: the first free one that suits, 0: any free one. */
  readonly ports: { readonly postgres?: number; readonly temporal?: number; readonly temporalUi?: number };
}

/** Reads the settings; throws one error that lists every wrong variable. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  const parsed = EnvironmentSchema.safeParse(Object.fromEntries(given));
  if (parsed.success) return Object.freeze(toSettings(parsed.data));
  const problems = parsed.error.issues.map((issue): Problem => ({
    path: issue.path.join('.'),
    message: issue.message,
  }));
  throw new DomainError('invalid_input', 'the environment has wrong settings', { problems });
}

/** The settings of a process that is nothing without both servers; throws one error that names what is missing. */
export function requireServers(settings: Settings, wanted: readonly ('database' | 'temporal')[]): void {
  const missing = { database: settings.databaseUrl === null, temporal: settings.temporalAddress === null };
  const variable = { database: 'DATABASE_URL', temporal: 'TEMPORAL_ADDRESS' };
  const problems = wanted
    .filter((name) => missing[name])
    .map((name) => ({ path: variable[name], message: 'is not set' }));
  if (problems.length === 0) return;
  throw new DomainError('invalid_input', 'this command needs servers to connect to (`hopper up` brings its own)', {
    problems,
  });
}

function toSettings(env: Environment): Settings {
  const { HOPPER_PG_PORT: postgres, HOPPER_TEMPORAL_PORT: temporal, HOPPER_TEMPORAL_UI_PORT: temporalUi } = env;
  return {
    dataDir: resolve(env.HOPPER_DATA_DIR),
    host: env.HOPPER_HOST,
    httpPort: env.HOPPER_HTTP_PORT,
    logLevel: env.HOPPER_LOG_LEVEL,
    url: env.HOPPER_URL ?? null,
    apiKey: secret(env.HOPPER_API_KEY),
    serverKey: secret(env.HOPPER_SERVER_KEY),
    policyFile: configFile(env.HOPPER_CONFIG, 'config/scope_behaviors.yaml'),
    hierarchyFile: configFile(env.HOPPER_HIERARCHY, 'config/hierarchy.yaml'),
    databaseUrl: secret(env.DATABASE_URL),
    temporalAddress: env.TEMPORAL_ADDRESS ?? null,
    temporalNamespace: env.TEMPORAL_NAMESPACE,
    taskQueue: TASK_QUEUE,
    ports: {
      ...(postgres !== undefined && { postgres }),
      ...(temporal !== undefined && { temporal }),
      ...(temporalUi !== undefined && { temporalUi }),
    },
  };
}

function secret(text: string | undefined): Secret | null {
  return text === undefined ? null : new Secret(text);
}

function configFile(named: string | undefined, usual: string): ConfigFile {
  return { path: named ?? usual, isNamed: named !== undefined };
}
