import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TaskDelegationResponse } from '../../src/domain/delegation.schema.ts';
import { InboxItemResponse } from '../../src/domain/inbox.schema.ts';
import { pageOf } from '../../src/domain/page.schema.ts';
import { TaskResponse } from '../../src/domain/task.schema.ts';
import { untilStatus } from '../support/hopper.ts';
import { startApi, type TestApi } from './api.ts';

describe('delegations over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  /** An offer that waits for a person. */
  const offer = async (): Promise<{ taskId: string; id: string }> => {
    const { id: taskId } = (await api.post('/tasks', { title: 'by hand', tags: ['manual'] })).as(TaskResponse);
    await untilStatus(api.hopper, taskId, 'offered');
    const { items } = (await api.get('/inbox')).as(pageOf(InboxItemResponse));
    const item = items.find(({ task }) => task.id === taskId);
    expect(item).toMatchObject({
      kind: 'offer',
      instance: { name: 'manual', scope: 'project' },
      delegation: { status: 'pending' },
    });
    return { taskId, id: item?.delegation?.id ?? '' };
  };

  it('an offer is in the inboxes above it and in no other', async () => {
    const { id } = await offer();
    const idsIn = async (path: string): Promise<(string | undefined)[]> =>
      (await api.get(path)).as(pageOf(InboxItemResponse)).items.map(({ delegation }) => delegation?.id);
    expect(await idsIn(`/instances/${api.hopper.idOf('global')}/inbox`)).toContain(id);
    expect(await idsIn(`/instances/${api.hopper.idOf('manual')}/inbox`)).toContain(id);
    expect(await idsIn(`/instances/${api.hopper.idOf('auto')}/inbox`)).not.toContain(id);
    const pending = (await api.get(`/instances/${api.hopper.idOf('manual')}/pending-delegations`)).as(
      pageOf(TaskDelegationResponse),
    );
    expect(pending.items.map((each) => each.id)).toContain(id);
  });

  it('an offer is accepted, with notes, and then completed', async () => {
    const { taskId, id } = await offer();
    const accepted = await api.post(`/delegations/${id}/accept`, { notes: 'ours' });
    expect([accepted.status, accepted.as(TaskDelegationResponse)]).toMatchObject([
      200,
      { status: 'accepted', decided_by: 'admin', notes: 'ours' },
    ]);
    await untilStatus(api.hopper, taskId, 'queued');
    const completed = await api.post(`/delegations/${id}/complete`, { result: 'fine' });
    expect([completed.status, completed.as(TaskDelegationResponse)]).toMatchObject([
      200,
      { status: 'completed', result: 'fine' },
    ]);
    expect((await api.get(`/tasks/${taskId}`)).as(TaskResponse).status).toBe('completed');
  });

  it('an offer is accepted without a body, and with an empty one of type JSON', async () => {
    const [first, second] = [await offer(), await offer()];
    expect((await api.post(`/delegations/${first.id}/accept`)).status).toBe(200);
    const empty = {
      method: 'POST',
      path: `/api/v1/delegations/${second.id}/accept`,
      headers: { 'content-type': 'application/json' },
    };
    expect((await api.send(empty)).status).toBe(200);
  });

  it('a refusal is kept with its reason and code, and is not taken back', async () => {
    const { id } = await offer();
    const refused = await api.post(`/delegations/${id}/reject`, { reason: 'not ours', code: 'wrong_team' });
    expect([refused.status, refused.as(TaskDelegationResponse)]).toMatchObject([
      200,
      { status: 'rejected', notes: 'not ours', rejection_code: 'wrong_team', decided_by: 'admin' },
    ]);
    for (const verb of ['accept', 'complete']) {
      const late = await api.post(`/delegations/${id}/${verb}`, {});
      expect([late.status, late.problem().code]).toEqual([409, 'delegation_conflict']);
      expect(late.problem().detail).toMatch(/rejected.*admin/);
    }
  });

  it('of two who decide at once one wins, and the other hears who', async () => {
    const { id } = await offer();
    const answers = await Promise.all([
      api.post(`/delegations/${id}/accept`, {}),
      api.post(`/delegations/${id}/reject`, { reason: 'no' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.problem().detail).toMatch(/(accepted|rejected).*admin/);
  });

  it('what is pending cannot be completed', async () => {
    const { id } = await offer();
    const early = await api.post(`/delegations/${id}/complete`, {});
    expect([early.status, early.problem().code]).toEqual([409, 'delegation_conflict']);
    expect(early.problem().detail).toContain('pending');
    expect((await api.get(`/delegations/${id}`)).as(TaskDelegationResponse).status).toBe('pending');
  });
});
