const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 600_000;

/** When each task may be asked again: after 5 seconds, doubling to 10 minutes (law 2). The clock is an argument. */
export class BackOff {
  private readonly asked = new Map<string, { dueAt: number; delayMs: number }>();

  /** True if the task may be asked now; it is remembered as asked. */
  claim(taskId: string, now: number): boolean {
    const last = this.asked.get(taskId);
    if (last !== undefined && last.dueAt > now) return false;
    const delayMs = last === undefined ? FIRST_DELAY_MS : Math.min(last.delayMs * 2, LONGEST_DELAY_MS);
    this.asked.set(taskId, { dueAt: now + delayMs, delayMs });
    return true;
  }

  forget(taskId: string): void {
    this.asked.delete(taskId);
  }

  /** The tasks that were asked and are due to be looked at again. */
  due(now: number): readonly string[] {
    return [...this.asked].filter(([, { dueAt }]) => dueAt <= now).map(([taskId]) => taskId);
  }
}
