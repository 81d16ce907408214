import { inRoot } from './root.mjs';

const ONE_PRESS_MS = 500;

/** Runs the built command line in this process, as if it had been called with these arguments. */
export async function runHopper(args) {
  countRepeatedSignalsOnce();
  process.argv = [process.argv[0], inRoot('dist/src/main.js'), ...args];
  await import(new URL('../dist/src/main.js', import.meta.url).href);
}

/** Ctrl-C reaches us twice: from the terminal, and once more from the npm or npx that started us. It was pressed once. */
function countRepeatedSignalsOnce() {
  const emit = process.emit;
  const last = new Map();
  process.emit = function emitOnce(event, ...rest) {
    if (event === 'SIGINT' || event === 'SIGTERM') {
      const now = performance.now();
      const before = last.get(event) ?? -Infinity;
      last.set(event, now);
      if (now - before < ONE_PRESS_MS) return true;
    }
    return emit.call(this, event, ...rest);
  };
}
