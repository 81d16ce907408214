import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../domain/errors.ts';
import type { LoadedPolicy, ParsePolicy } from '../domain/policy.ts';
import { readPolicyText } from './policy-file.ts';
import { type PolicyChecks, UNCHECKED } from './policy-checks.ts';
import type { ConfigFile } from './settings.ts';

/** What came of a publication. */
interface Published {
  readonly inForce: string;
  readonly before: string | null;
  readonly isWritten: boolean;
}

export interface PolicyWatchOptions {
  readonly file: ConfigFile;
  readonly parse: ParsePolicy;
  /** What the modules of a policy hold now: a change of one is a change of the file. */
  readonly digestsOf?: PolicyChecks['digestsOf'];
  readonly everyMs: number;
  /** `new`: not if this deployment has known the policy before. */
  readonly publish: (loaded: LoadedPolicy, options: { readonly when: 'always' | 'new' }) => Promise<Published>;
  readonly refuse: (problem: string) => Promise<void>;
  readonly isAnyInForce: () => Promise<boolean>;
  readonly log: {
    info(facts: object, message: string): void;
    warn(facts: object, message: string): void;
  };
}

/** Brings a worker's policy file into force. */
export interface PolicyWatch {
  /** At the start: publishes a policy that this deployment has not known; a bad file stops it if nothing is in force. */
  start(): Promise<void>;
  /** From then on: publishes each change of the file until it is told to stop. */
  run(stop: AbortSignal): Promise<void>;
}

/** What stands in the file now; a file that cannot be read is a refused one. */
type Content = { readonly text: string } | { readonly fault: DomainError };

/** An editor may empty a file before it fills it: only what stays the same for so long is taken. */
const SETTLE_MS = 200;

/** The file of one worker; a content that was dealt with is not looked at again (rule Y4). */
export function createPolicyWatch(options: PolicyWatchOptions): PolicyWatch {
  const { file, everyMs, log, digestsOf = UNCHECKED.digestsOf } = options;
  let done: Content | null = null;
  let lastHash: string | null = null;
  let modules = (): string => '';
  let lastModules = '';

  const take = async (content: Content): Promise<void> => {
    const loaded = loadedFrom(options, content);
    modules = (): string => (loaded instanceof DomainError ? '' : JSON.stringify(digestsOf(loaded.policy)));
    const seenModules = modules();
    if (loaded instanceof DomainError) {
      await refuse(options, loaded);
      lastHash = null;
    } else if (loaded.hash !== lastHash) {
      lastHash = (await publish(options, loaded, done === null)) ? loaded.hash : null;
    }
    done = content;
    lastModules = seenModules;
  };
  const look = async (): Promise<void> => {
    const content = contentOf(file);
    if (done !== null && isSame(content, done) && modules() === lastModules) return;
    await sleep(SETTLE_MS);
    if (isSame(content, contentOf(file))) await take(content);
  };

  return {
    async start() {
      const content = contentOf(file);
      try {
        const loaded = loadedFrom(options, content);
        if (loaded instanceof DomainError && !(await options.isAnyInForce())) throw loaded;
        await take(content);
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'database_unavailable') throw error;
        log.warn({ err: error }, 'the policy could not be published; it is tried again');
      }
    },
    async run(stop) {
      for (;;) {
        const isStopped = await sleep(everyMs, false, { signal: stop }).catch(() => true);
        if (isStopped) return;
        await look().catch((error: unknown) => {
          log.warn({ err: error }, 'the policy could not be published; it is tried again');
        });
      }
    },
  };
}

function contentOf(file: ConfigFile): Content {
  try {
    return { text: readPolicyText(file) };
  } catch (error) {
    if (error instanceof DomainError) return { fault: error };
    throw error;
  }
}

function isSame(one: Content, other: Content): boolean {
  if ('text' in one) return 'text' in other && one.text === other.text;
  return 'fault' in other && one.fault.message === other.fault.message;
}

function loadedFrom({ file, parse }: PolicyWatchOptions, content: Content): LoadedPolicy | DomainError {
  if ('fault' in content) return content.fault;
  try {
    return parse(file.path, content.text);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

/** False if the policy was refused after all: its behaviours may not be there. */
async function publish(options: PolicyWatchOptions, loaded: LoadedPolicy, isStart: boolean): Promise<boolean> {
  const { file, log } = options;
  try {
    const { inForce, before, isWritten } = await options.publish(loaded, { when: isStart ? 'new' : 'always' });
    const facts = { file: file.path, hash: loaded.hash, before };
    if (isWritten) log.info(facts, 'policy published');
    else if (inForce === loaded.hash) log.info(facts, 'the policy of the file is in force');
    else
      log.warn(
        { ...facts, inForce },
        'the policy of the file was in force once and a later one is now: it stays; `hopper config publish` brings the file back into force',
      );
    return true;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'invalid_policy') throw error;
    await refuse(options, error);
    return false;
  }
}

async function refuse({ file, refuse: record, log }: PolicyWatchOptions, fault: DomainError): Promise<void> {
  const problems = fault.problems.map(({ path, message }) => `${path}: ${message}`);
  await record([fault.message, ...problems].join('\n'));
  log.warn({ file: file.path, problems }, `${fault.message}: the policy in force stays`);
}
