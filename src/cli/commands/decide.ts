import type { HopperClient } from '../../client/hopper-client.ts';
import type { TaskDelegationResponse } from '../../domain/delegation.schema.ts';
import type { CliContext } from '../context.ts';

/** Decides a delegation and shows how it stands after that. */
export async function decide(
  { client: connect, out }: CliContext,
  json: true | undefined,
  verdict: (client: HopperClient) => Promise<TaskDelegationResponse>,
): Promise<void> {
  const delegation = await verdict(connect());
  if (json) out.json(delegation);
  else out.line(`${delegation.id}\t${delegation.status}\ttask ${delegation.task_id}`);
}
