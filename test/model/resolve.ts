import type { Command, CommandKind } from './command.ts';
import { of } from './predict.ts';
import { type ModelTask, type Performed, type World, hopFromAbove, isAtWork, isOver, offerOf } from './world.ts';

/** True if what a command names is there. */
export function isPossible(world: Readonly<World>, command: Command): boolean {
  if (command.kind === 'repeat') return world.performed.length > 0;
  if ('lease' in command) return world.leases.length > 0;
  if (!('task' in command)) return true;
  return world.tasks.length > 0 && (!('hop' in command) || taskNo(world, command).chain.length > 0);
}

/** The command with absolute numbers and its request; a repeat is the earlier command under its old request. */
export function resolve(world: World, command: Command): Performed {
  const { performed } = world;
  if (command.kind === 'repeat') {
    const earlier = performed[command.command % performed.length];
    if (earlier === undefined) throw new TypeError('nothing to repeat');
    return earlier;
  }
  const made: Performed = {
    command: absolute(world, command),
    request: performed.length,
    answer: { kind: 'nothing' },
    made: null,
  };
  performed.push(made);
  return made;
}

function absolute(world: World, command: Exclude<Command, { kind: 'repeat' }>): Performed['command'] {
  if ('lease' in command) return { ...command, lease: leaseNo(world, command) };
  if (!('task' in command)) return command;
  const task = taskNo(world, command);
  if (command.kind === 'claim_where') return { kind: 'claim', at: task.at, worker: command.worker };
  if (!('hop' in command)) return { ...command, task: task.no };
  const offer = task.chain.findIndex((hop) => hop.status === 'pending');
  const hop = command.likely === true && offer >= 0 ? offer : fromTheLast(command.hop, task.chain).no;
  return { ...command, task: task.no, hop };
}

function leaseNo({ leases }: World, { lease, likely }: { readonly lease: number; readonly likely?: boolean }): number {
  const numbers = leases.map((_, no) => no);
  const open = numbers.filter((no) => leases[no]?.outcome === null);
  return fromTheLast(lease, likely === true && open.length > 0 ? open : numbers).item;
}

function taskNo(
  world: World,
  { kind, task, likely }: { kind: CommandKind; task: number; likely?: boolean },
): ModelTask {
  const promising = likely === true ? world.tasks.filter(promises[kind] ?? isOpen) : [];
  const pool = promising.length > 0 ? promising : world.tasks;
  return of(pool, task % pool.length);
}

const isOpen = (task: ModelTask): boolean => !isOver(task);
const isOffered = (task: ModelTask): boolean => offerOf(task) !== undefined;

/** Tasks with which a command can do something; of the others any open one. */
const promises: Partial<Record<CommandKind, (task: ModelTask) => boolean>> = {
  accept: isOffered,
  reject: isOffered,
  claim_where: ({ status }) => status === 'queued',
  complete: isAtWork,
  complete_hop: isAtWork,
  fail: isAtWork,
  decompose: isAtWork,
  escalate: (task) => isAtWork(task) && hopFromAbove(task) !== undefined,
  answer: ({ blockedOn }) => blockedOn === 'question',
  retry: isOver,
};

function fromTheLast<Item>(count: number, items: readonly Item[]): { no: number; item: Item } {
  const no = items.length - 1 - (count % items.length);
  return { no, item: of(items, no) };
}
