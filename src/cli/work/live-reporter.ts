import { assertNever } from '../../domain/assert-never.ts';
import type { Output } from '../output.ts';
import { plain } from '../plain.ts';
import { type BoardSize, type BoardState, boardLines, type SlotRow } from './board.ts';
import { endWords, sentenceOf } from './event-words.ts';
import type { JobEnd, Reporter, Tally, WorkEvent } from './work-event.ts';

const EVERY_MS = 1_000;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** A line that is too wide all the same is cut by the terminal: a wrapped one would spoil the count of lines. */
const NO_WRAP = '\u001b[?7l';
const WRAP = '\u001b[?7h';
const CLEAR_BELOW = '\u001b[0J';
const up = (lines: number): string => (lines === 0 ? '' : `\u001b[${String(lines)}F`);

/** What a live table is drawn on. */
export interface Screen {
  readonly write: (text: string) => void;
  readonly size: () => BoardSize;
}

/** A table of the slots, drawn again every second; what has happened scrolls by above it. */
export class LiveReporter implements Reporter {
  readonly #out: Output;
  readonly #screen: Screen;
  readonly #slots = new Map<number, SlotRow>();
  readonly #timer: NodeJS.Timeout;
  #state: Omit<BoardState, 'slots'>;
  #drawn = 0;

  constructor(out: Output, screen: Screen) {
    this.#out = out;
    this.#screen = screen;
    const tally = { completed: 0, failed: 0, released: 0, decomposed: 0, lost: 0 };
    this.#state = { name: 'hopper work', concurrency: 1, tally, notice: null, isStopping: false };
    this.#timer = setInterval(() => {
      this.#draw([]);
    }, EVERY_MS);
    process.once('exit', this.#restore);
  }

  report(event: WorkEvent): void {
    this.#take(event);
    this.#draw(this.#linesOf(event));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#screen.write(`${up(this.#drawn)}${CLEAR_BELOW}${SHOW_CURSOR}`);
    this.#drawn = 0;
    process.off('exit', this.#restore);
  }

  readonly #restore = (): void => {
    this.#screen.write(`${WRAP}${SHOW_CURSOR}`);
  };

  #take(event: WorkEvent): void {
    switch (event.event) {
      case 'started':
        this.#state = { ...this.#state, concurrency: event.concurrency, name: event.instances.join(', ') };
        return;
      case 'claimed':
        this.#slots.set(event.slot, { ...event, since: performance.now(), heardAt: performance.now() });
        this.#state = { ...this.#state, notice: null };
        return;
      case 'heartbeat': {
        const row = this.#slots.get(event.slot);
        if (row !== undefined) this.#slots.set(event.slot, { ...row, heardAt: performance.now() });
        return;
      }
      case 'completed':
      case 'failed':
      case 'released':
      case 'decomposed':
      case 'lost':
        this.#slots.delete(event.slot);
        this.#state = { ...this.#state, tally: counted(this.#state.tally, event) };
        return;
      case 'away':
      case 'waiting':
        this.#state = { ...this.#state, notice: event.event === 'away' ? 'the API is away' : event.reason };
        return;
      case 'back':
        this.#state = { ...this.#state, notice: null };
        return;
      case 'draining':
      case 'terminating':
      case 'stopped':
        this.#state = { ...this.#state, isStopping: true };
        return;
      default:
        assertNever(event);
    }
  }

  #linesOf(event: WorkEvent): readonly string[] {
    const { colours } = this.#out;
    const sentence = sentenceOf(event);
    if (sentence !== null) return [`${colours.yellow('●')} ${plain(sentence)}`];
    if (!isEnd(event)) return [];
    const [done, wrong, odd] = [colours.green('✔'), colours.red('✘'), colours.yellow('✘')];
    const marks = { completed: done, failed: wrong, released: '○', decomposed: '◇', lost: odd };
    const what = event.event === 'completed' ? 'completed ' : `${event.event}: `;
    return [`${marks[event.event]} ${plain(event.title)}  ${colours.dim(plain(what + endWords(event)))}`];
  }

  /** In one write, so that nothing flickers; the lines above may be as long as they like, they are never overwritten. */
  #draw(above: readonly string[]): void {
    const lines = boardLines(
      { ...this.#state, slots: this.#slots },
      this.#screen.size(),
      performance.now(),
      this.#out.colours,
    );
    const table = lines.map((line) => `${line}\n`).join('');
    const history = above.map((line) => `${line}\n`).join('');
    this.#screen.write(`${up(this.#drawn)}${CLEAR_BELOW}${HIDE_CURSOR}${history}${NO_WRAP}${table}${WRAP}`);
    this.#drawn = lines.length;
  }
}

function isEnd(event: WorkEvent): event is JobEnd {
  return ['completed', 'failed', 'released', 'decomposed', 'lost'].includes(event.event);
}

function counted(tally: Tally, { event }: JobEnd): Tally {
  return { ...tally, [event]: tally[event] + 1 };
}
