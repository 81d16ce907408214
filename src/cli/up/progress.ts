import type { Output } from '../output.ts';

/** Shows a long step while it works. */
export interface Progress {
  step<Result>(title: string, work: (say: (message: string) => void) => Promise<Result>): Promise<Result>;
}

/** A live line for each step on a terminal, plain lines elsewhere. */
export function createProgress(out: Output): Progress {
  return out.isTerminal ? { step: liveStep } : { step: (title, work) => plainStep(out, title, work) };
}

async function plainStep<Result>(
  out: Output,
  title: string,
  work: (say: (message: string) => void) => Promise<Result>,
): Promise<Result> {
  out.note(`hopper: ${title}`);
  return work((message) => {
    out.note(`hopper:   ${message}`);
  });
}

async function liveStep<Result>(
  title: string,
  work: (say: (message: string) => void) => Promise<Result>,
): Promise<Result> {
  const { Listr, PRESET_TIMER } = await import('listr2');
  const answer: { result?: Result } = {};
  const steps = new Listr(
    [
      {
        title,
        task: async (_context, step) => {
          answer.result = await work((message) => {
            step.output = message;
          });
        },
        rendererOptions: { timer: { ...PRESET_TIMER, condition: (ms) => ms > 1_000 } },
      },
    ],
    // What failed, and how to mend it, is said once: by whoever catches the error.
    { registerSignalListeners: false, rendererOptions: { showErrorMessage: false, collapseErrors: false } },
  );
  await steps.run();
  return answer.result as Result; // the step has run to its end, or `run` has thrown
}
