import type { PolicyChecks } from '../config/policy-checks.ts';
import type { ConfigFile, Settings } from '../config/settings.ts';
import type { Problem } from '../domain/errors.ts';
import type { Policy } from '../domain/policy.schema.ts';

/** A part of the system that runs until it is told to stop. */
export interface RunningWorker {
  run(): Promise<void>;
  shutdown(): void;
  close(): Promise<void>;
}

export interface RunningApi {
  readonly url: string;
  close(): Promise<void>;
}

/** What a policy file is checked with on this machine, and what is wrong with the modules that it names. */
export interface PolicyCheck extends PolicyChecks {
  problemsOf(policy: Policy): Promise<readonly Problem[]>;
}

/** The parts of the system that commands start; loaded only when one is asked for. */
export interface Parts {
  migrate(settings: Settings): Promise<{ readonly applied: readonly string[]; readonly seeded: number }>;
  worker(settings: Settings): Promise<RunningWorker>;
  serve(settings: Settings): Promise<RunningApi>;
  policyCheck(file: ConfigFile): Promise<PolicyCheck>;
}
