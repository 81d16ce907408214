import { CancellationScope, condition, currentUpdateInfo, log, setHandler, workflowInfo } from '@temporalio/workflow';
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import type { TaskCommand } from '../src/domain/task-command.ts';
import type { Ordered } from './carry-out.ts';
import type { By, CommandAnswer } from './messages.ts';
import { rereadSignal } from './messages.ts';
import { type Shape, actorOf, problemsOf } from './parse-message.ts';

/** A command that waits for its turn. */
export interface Waiting extends Ordered {
  answer: CommandAnswer | null;
}

/** Everything that arrives, in order. Handlers only put in; the loop alone takes out (law 1). */
export class Inbox {
  private readonly waiting: Waiting[] = [];
  private rereads = 0;
  private partEnds = 0;

  constructor() {
    setHandler(rereadSignal, () => void (this.rereads += 1), {
      description: 'Hopper asks the task to read its row again. Carries no facts; a needless one writes nothing.',
    });
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0 && this.rereads === 0 && this.partEnds === 0;
  }

  /** A part has ended; how many at once does not matter, because all of them are looked at. */
  onPart(): void {
    this.partEnds += 1;
  }

  take(): Waiting | 'reread' | 'parts' | null {
    const first = this.waiting.shift();
    if (first !== undefined) return first;
    if (this.partEnds > 0) {
      this.partEnds = 0;
      return 'parts';
    }
    const wasAsked = this.rereads > 0;
    this.rereads = 0;
    return wasAsked ? 'reread' : null;
  }

  /** A command of the workflow's own: it waits for its turn like any other. */
  put(ordered: Ordered): void {
    this.waiting.push({ ...ordered, answer: null });
  }

  /** Somebody cancels the workflow itself: a command like any other, in its turn (law 5). */
  onCancellation({ cancelRequested }: CancellationScope): void {
    cancelRequested.catch(() => {
      this.put({
        commandId: `cancel/${workflowInfo().runId}`,
        actor: { name: 'temporal', role: 'operator', subtree: null },
        via: 'hopper',
        command: { kind: 'cancel', reason: cancelWords() },
      });
    });
  }

  /**
   * Accepts a command by signal. A malformed one cannot be refused, so it is logged and dropped. Each is numbered among those
   * of its name: the SDK hands out what came before the first handlers name by name, so that in another run of the first
   * workflow task, with more of them, only the order within a name is the same.
   */
  onSignal<Message extends { readonly by: By }>(
    definition: SignalDefinition<[Message]>,
    shape: Shape,
    toCommand: (message: Message) => TaskCommand,
    description: string,
  ): void {
    let count = 0;
    const handler = (message: Message): void => {
      count += 1;
      const problems = problemsOf(message, shape);
      if (problems.length > 0) {
        log.warn('a malformed signal is ignored', { signal: definition.name, problems });
        return;
      }
      const commandId = `signal/${workflowInfo().runId}/${definition.name}/${String(count)}`;
      this.waiting.push({
        commandId,
        actor: actorOf(message.by),
        via: 'signal',
        command: toCommand(message),
        answer: null,
      });
    };
    setHandler(definition, handler, { description });
  }

  /** Accepts a command by update; its answer says what came of it, and is never an error for the state of the task. */
  onUpdate<Message extends { readonly by: By }>(
    definition: UpdateDefinition<CommandAnswer, [Message]>,
    shape: Shape,
    toCommand: (message: Message) => TaskCommand,
    description: string,
  ): void {
    const validator = (message: Message): void => {
      const problems = problemsOf(message, shape);
      if (problems.length > 0) throw new TypeError(`malformed ${definition.name}: ${problems.join('; ')}`);
    };
    const handler = async (message: Message): Promise<CommandAnswer> => {
      const commandId = `update/${currentUpdateInfo()?.id ?? ''}`;
      const entry: Waiting = {
        commandId,
        actor: actorOf(message.by),
        via: 'update',
        command: toCommand(message),
        answer: null,
      };
      this.waiting.push(entry);
      await CancellationScope.nonCancellable(() => condition(() => entry.answer !== null));
      return entry.answer ?? { verdict: 'gone', row: null };
    };
    setHandler(definition, handler, { validator, description });
  }
}

function cancelWords(): string {
  return workflowInfo().parent === undefined ? 'cancelled in Temporal' : 'cancelled with the task that it is a part of';
}
