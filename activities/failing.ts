import { ApplicationFailure } from '@temporalio/common';
import { DomainError, IS_FINAL } from '../src/domain/errors.ts';

/** The failure type that ends a workflow: its input can never become a task. */
const INVALID_TASK = 'InvalidTask';

/** Runs a use case; a broken expectation gets its code as failure type and is tried again, because the row is the truth. */
export async function failing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw ApplicationFailure.create({ type: error.code, message: error.message, cause: error });
  }
}

/** As `failing`, but an input that is refused ends the workflow, with every problem listed. */
export async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await failing(work);
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || !(error.cause instanceof DomainError)) throw error;
    const { code, message, problems } = error.cause;
    if (!IS_FINAL[code]) throw error;
    const listed =
      problems.length === 0 ? '' : `: ${problems.map((each) => `${each.path}: ${each.message}`).join('; ')}`;
    throw ApplicationFailure.create({
      type: INVALID_TASK,
      nonRetryable: true,
      message: `${message}${listed}`,
      details: [...problems],
      cause: error.cause,
    });
  }
}
