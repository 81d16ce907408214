import type { Output } from '../output.ts';
import type { StackFile } from '../stack-file.ts';

/** Where everything is, and what to try next. */
export function showSummary(out: Output, stack: StackFile, dataDir: string): void {
  const { bold, cyan, dim, green } = out.colours;
  const place = (name: string, where: string): void => {
    out.line(`  ${dim(name.padEnd(12))} ${where}`);
  };
  out.line();
  out.line(`${green('●')} ${bold('Hopper is running.')} ${dim('Ctrl-C stops it; what it knows stays.')}`);
  out.line();
  place('API', cyan(`${stack.http_url}/api/v1`));
  place('OpenAPI', `${stack.http_url}/openapi.json`);
  if (stack.temporal_ui_url !== null) place('Temporal UI', cyan(stack.temporal_ui_url));
  place('Temporal', `${stack.temporal_address} ${dim(`namespace ${stack.namespace}, task queue ${stack.task_queue}`)}`);
  place('PostgreSQL', withoutPassword(stack.database_url));
  place('data', dataDir);
  out.line();
  out.line(`  ${dim('In another terminal (in a clone: npx hopper …):')}`);
  for (const command of [
    'hopper submit --file examples/tasks.jsonl',
    'hopper instance tree',
    'hopper inbox',
    'hopper task list',
  ]) {
    out.line(`    ${command}`);
  }
  out.line();
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '…';
  return decodeURI(shown.toString());
}
