import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import type { CliContext } from '../../../src/cli/context.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { explainTask } from '../../../src/domain/explain/explain-task.ts';
import { TASK_STATUSES } from '../../../src/domain/task.ts';
import { PROJECT_ID, secondsLater } from '../../support/builders.ts';
import { ACCEPTED, aLink, aMove, someFacts } from '../domain/explain/facts.ts';

const streams = { stdout: process.stdout, stderr: process.stderr };
const program = createProgram(streams as unknown as CliContext); // to declare the commands takes no more

const SITUATIONS = [
  ...TASK_STATUSES.map((status) => someFacts({ task: { status } })),
  someFacts({ moves: [aMove(-300)] }),
  someFacts({ task: { retryAt: secondsLater(9) } }),
  someFacts({ task: { status: 'offered' }, chain: [aLink()] }),
  someFacts({ task: { status: 'queued', instanceId: PROJECT_ID }, chain: [ACCEPTED] }),
  someFacts({ task: { status: 'blocked', blockedOn: 'question' } }),
];
const COMMANDS = new Set(
  SITUATIONS.flatMap((facts) => explainTask(facts).waitsFor?.how ?? []).map((how) => how.split('  # ')[0] ?? ''),
);

/** The command that a line begins with, and the words behind it. */
function commandOf([name = '', ...rest]: readonly string[], parent: Command): [Command, readonly string[]] {
  const found = parent.commands.find((each) => each.name() === name);
  if (found === undefined) return [parent, [name, ...rest]];
  return found.commands.length > 0 ? commandOf(rest, found) : [found, rest];
}

describe('the commands that an explanation advises (rule X1)', () => {
  it('are many', () => {
    expect(COMMANDS.size).toBeGreaterThan(12);
  });

  it.each([...COMMANDS])('%s exists, with its flags', (line) => {
    const [program_, ...words] = line.split(' ');
    const [found, rest] = commandOf(words, program);
    expect([program_, found.commands]).toEqual(['hopper', []]);
    const flags = rest.filter((word) => word.startsWith('--'));
    expect(found.options.map(({ long }) => long)).toEqual(expect.arrayContaining(flags));
  });
});
