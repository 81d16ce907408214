/** Whether an answer is a promise, of whatever realm; one that fails later would end the process if nobody looked. */
export function isPromised(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('then' in value) || typeof value.then !== 'function')
    return false;
  Promise.resolve(value).catch(() => undefined);
  return true;
}
