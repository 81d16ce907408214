/** A database of the shared cluster, for administration only: tests take `freshDatabase()`. */
export const clusterUrl = (): string => fromSetup('HOPPER_TEST_DATABASE_URL');

/** `host:port` of the shared Temporal server; a test takes its own task queue. */
export const temporalAddress = (): string => fromSetup('HOPPER_TEST_TEMPORAL_ADDRESS');

/** The program of the time-skipping server; each test file starts its own. */
export const timeSkippingServer = (): string => fromSetup('HOPPER_TEST_SERVER_PATH');

/** The path of the bundled workflows, the same file that production runs. */
export const workflowBundlePath = (): string => fromSetup('HOPPER_TEST_WORKFLOW_BUNDLE');

/** The `hopper` command of this clone, built. */
export const hopperProgram = (): string => fromSetup('HOPPER_TEST_PROGRAM');

function fromSetup(name: string): string {
  const value = process.env[name];
  if (value !== undefined) return value;
  const problem = process.env[`${name}_PROBLEM`] ?? process.env['HOPPER_TEST_SERVERS_PROBLEM'];
  throw new Error(
    problem ?? `${name} is not set: this layer's project in jest.config.js names no set-up that starts it`,
  );
}
