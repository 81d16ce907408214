import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { CliContext } from '../context.ts';
import { showExplanation } from '../views/explanation.view.ts';
import { widthOf } from '../views/lines.ts';

interface Options {
  readonly all?: true;
  readonly json?: true;
}

export function explainCommand(parent: Command, context: CliContext): void {
  declare(parent, {
    usage: 'explain <task>',
    summary: 'Where a task is, why it went there, and what it waits for',
    examples: ['hopper explain TASK', 'hopper explain TASK --all', 'hopper explain TASK --json'],
  })
    .option('--all', 'every candidate of every decision')
    .action(async (id: string, { all, json }: Options) => {
      const explanation = await context.client().tasks.explain(id);
      if (json) context.out.json(explanation);
      else
        showExplanation(context.out, explanation, {
          now: new Date(),
          width: widthOf(context),
          isAll: all === true,
        });
    });
}
