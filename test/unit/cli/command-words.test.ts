import { describe, expect, it } from '@jest/globals';
import { CliError } from '../../../src/cli/cli-error.ts';
import { splitAtDashes } from '../../../src/cli/work/command-words.ts';

describe('splitAtDashes', () => {
  it('tells the instances from the command, with its own flags and dashes', () => {
    const typed = ['work', 'a', '--once', 'b', '--', 'run', '--json', '--', 'x'];
    expect(splitAtDashes(['a', 'b', 'run', '--json', '--', 'x'], typed)).toEqual({
      instances: ['a', 'b'],
      command: 'run',
      args: ['--json', '--', 'x'],
    });
  });

  it.each([
    ['no --', ['a', 'run'], ['work', 'a', 'run'], /command is missing/],
    ['nothing after it', ['a'], ['work', 'a', '--'], /command is missing/],
    ['an empty command', ['a', ''], ['work', 'a', '--', ''], /command is missing/],
    ['nothing before it', ['run'], ['work', '--', 'run'], /instance is missing/],
  ])('says what is missing with %s', (_what, operands, typed, words) => {
    expect(() => splitAtDashes(operands, typed)).toThrow(CliError);
    expect(() => splitAtDashes(operands, typed)).toThrow(words);
  });
});
