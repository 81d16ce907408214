import { DomainError } from '../domain/errors.ts';
import type { Scope } from '../domain/instance.ts';
import { type InstanceConfig, foreignKeys } from '../domain/instance.schema.ts';
import { problemsOfRules } from '../domain/scopes/rules.ts';
import type { Ports } from './ports.ts';

/** Refuses a config that its scope knows nothing of, or with rules that cannot be used (rules L3 and Y2). */
export function checkConfig({ rules: engine }: Pick<Ports, 'rules'>, scope: Scope, config: InstanceConfig): void {
  const broken = problemsOfRules(config.rules ?? [], (expression) => engine.problemOf(expression));
  const found = [
    ...foreignKeys(scope, config),
    ...broken.map(({ path, message }) => ({ path: ['config', 'rules', ...path], message })),
  ];
  if (found.length === 0) return;
  const problems = found.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  throw new DomainError('invalid_input', 'the config cannot be used', { problems });
}
