import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTemporal } from '../../../src/stack/temporal-binary.ts';

/** How long it may take to get the program of the server where nobody ever had it: Go builds it. */
export const FIRST_START_MS = 600_000;

/** A real Temporal server, with settings of its own: for what the time-skipping one does not do as production does. */
export async function devServer(settings: Readonly<Record<string, number>> = {}): Promise<TestWorkflowEnvironment> {
  const path = await findTemporal({ progress: (message) => process.stderr.write(`test servers: ${message}\n`) });
  const extraArgs = Object.entries(settings).flatMap(([key, value]) => [
    '--dynamic-config-value',
    `${key}=${String(value)}`,
  ]);
  return TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path }, extraArgs },
    client: { identity: 'test client' },
  });
}
