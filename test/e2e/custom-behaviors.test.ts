import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestHopper, eventually, startHopper, untilStatus } from '../support/hopper.ts';

const POLICY = `
behaviors:
  global: ./good.ts
  project: ./nonsense.ts
  orchestration: ./throws.ts
`;
const MODULES = {
  'good.ts': `export const behavior = (standard: any) => ({
    handleIncomingTask(task: any, view: any, policy: any) {
      const decision = standard.handleIncomingTask(task, view, policy);
      return { ...decision, reason: 'by my module: ' + decision.reason };
    },
  });`,
  'nonsense.ts': `export const behavior = (standard: any) => ({
    handleIncomingTask(task: any, view: any, policy: any) {
      if (task.title === 'nonsense') return { action: 'delegate', targetId: 'nobody', reason: 'r', strategy: 's', candidates: [] };
      return standard.handleIncomingTask(task, view, policy);
    },
  });`,
  'throws.ts': `export const behavior = { handleIncomingTask() { throw new Error('out of ideas'); } };`,
};

/** The policy and its modules, in a folder of their own. */
function aPolicyFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hopper-policy-'));
  for (const [name, text] of Object.entries({ ...MODULES, 'policy.yaml': POLICY }))
    writeFileSync(join(folder, name), text);
  return join(folder, 'policy.yaml');
}

describe('behaviours from modules of the policy, in a real worker', () => {
  const policyFile = aPolicyFile();
  let hopper: TestHopper;
  beforeAll(async () => {
    hopper = await startHopper({ env: { HOPPER_CONFIG: policyFile } });
  });
  afterAll(() => hopper.stop());

  const decided = async (fields: object, status: string) => {
    const { task } = await hopper.submit(fields);
    const { blockedOn, instanceId } = await untilStatus(hopper, task.id, status);
    const decisions = await hopper.service.tasks.decisions(task.id);
    return { blockedOn, instanceId, taskId: task.id, reasons: decisions.map(({ reason }) => reason) };
  };

  it('decides with a module that does its work', async () => {
    const { reasons, instanceId } = await decided({ title: 'fine', tags: ['auto'] }, 'queued');
    expect(instanceId).toBe(hopper.idOf('auto'));
    expect(reasons).toEqual(['by my module: 1 of 1 tags match: auto', expect.stringContaining('simple')]);
  });

  it('holds a task where a module answers nonsense, and says why (rule F2)', async () => {
    const { reasons, blockedOn, instanceId } = await decided({ title: 'nonsense', tags: ['auto'] }, 'blocked');
    expect({ blockedOn, instanceId }).toEqual({ blockedOn: 'held', instanceId: hopper.idOf('auto') });
    expect(reasons.at(-1)).toBe('the project behaviour answers nonsense: target "nobody" is none of the candidates');
  });

  it('holds a task where a module throws, and goes on with the others (rule F2)', async () => {
    const { reasons, taskId } = await decided({ instance_id: hopper.idOf('auto-builds') }, 'blocked');
    expect(reasons).toEqual(['the orchestration behaviour fails: out of ideas']);
    await decided({ title: 'fine', tags: ['auto'] }, 'queued');
    const inbox = await hopper.service.instances.inbox(hopper.idOf('auto-builds'));
    expect(JSON.stringify(inbox)).toContain(taskId);
  });

  it('takes a module that has changed, without a restart, and keeps the old one while the new one is bad', async () => {
    const inForce = async () => (await hopper.service.policy.inForce()).hash;
    const before = await inForce();
    const module = join(dirname(policyFile), 'good.ts');
    writeFileSync(module, 'export const behaviour = 1;');
    const current = () => hopper.service.policy.inForce();
    await eventually(current, (seen) => seen.refused?.problem.includes('it exports no behaviour') === true);
    expect(await inForce()).toBe(before);
    writeFileSync(module, MODULES['good.ts'].replace('by my module', 'by my new module'));
    await eventually(inForce, (hash) => hash !== before);
    const { reasons } = await decided({ title: 'fine', tags: ['auto'] }, 'queued');
    expect(reasons[0]).toBe('by my new module: 1 of 1 tags match: auto');
  });
});
