import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { failing, refusing } from '../../../activities/failing.ts';
import { DomainError } from '../../../src/domain/errors.ts';

const failureOf = async (work: Promise<unknown>): Promise<ApplicationFailure> => {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (!(error instanceof ApplicationFailure)) throw new TypeError('no ApplicationFailure');
  return error;
};
const throwing = (error: Error) => (): Promise<never> => Promise.reject(error);

describe('failing', () => {
  it('names the code of a broken expectation and lets it be tried again', async () => {
    const failure = await failureOf(failing(throwing(new DomainError('stale_view', 'it keeps changing'))));
    expect(failure).toMatchObject({ type: 'stale_view', message: 'it keeps changing', nonRetryable: false });
  });

  it('leaves every other error as it is', async () => {
    await expect(failing(throwing(new RangeError('a fault')))).rejects.toThrow(RangeError);
  });
});

describe('refusing', () => {
  it('ends the workflow with InvalidTask and every problem when the input can never become a task', async () => {
    const problems = [
      { path: 'task.title', message: 'must not be empty' },
      { path: 'task.tags', message: 'must be a list' },
    ];
    const failure = await failureOf(refusing(throwing(new DomainError('invalid_input', 'no task', { problems }))));
    expect(failure).toMatchObject({ type: 'InvalidTask', nonRetryable: true, details: problems });
    expect(failure.message).toBe('no task: task.title: must not be empty; task.tags: must be a list');
  });

  it('lets what may succeed later be tried again', async () => {
    const failure = await failureOf(refusing(throwing(new DomainError('database_unavailable', 'away'))));
    expect(failure).toMatchObject({ type: 'database_unavailable', nonRetryable: false });
  });
});
