import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto'; // CommonJS: Node itself finds no named export in it
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTemporal } from '../../../src/stack/temporal-binary.ts';
import { until } from './until.ts';

const { UpdateWorkflowExecutionLifecycleStage } = proto.temporal.api.enums.v1;
const ADMITTED = UpdateWorkflowExecutionLifecycleStage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ADMITTED;

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

/** A real server that suggests to continue as new after so many events. */
export function forgetfulServer(events: number): Promise<TestWorkflowEnvironment> {
  return devServer({ 'limit.historyCount.suggestContinueAsNew': events });
}

/** Waits until an update is at the server, though no worker has looked at it yet. */
export async function untilAdmitted(client: Client, workflowId: string, updateId: string): Promise<void> {
  const updateRef = { workflowExecution: { workflowId }, updateId };
  const ask = { namespace: client.options.namespace, updateRef, waitPolicy: { lifecycleStage: ADMITTED } };
  await until(
    () =>
      client.workflowService.pollWorkflowExecutionUpdate(ask).then(
        () => true,
        () => false,
      ),
    (isThere) => isThere,
  );
}
