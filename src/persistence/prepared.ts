import { createHash } from 'node:crypto';

const MARK = '/* prepared */';

/** Marks a statement that is run often and names its columns: the server parses and plans it once for each connection. */
export function prepared(sql: string): string {
  return `${MARK}${sql}`;
}

interface Queryable {
  query: (...args: unknown[]) => unknown;
}

/** Makes a connection prepare what is marked; everything else is sent as before. */
export function prepareMarked(connection: unknown): void {
  const target = connection as Queryable;
  const send = target.query.bind(target);
  const names = new Map<string, string>();
  target.query = (text, ...rest) => {
    const [values, ...others] = rest;
    if (typeof text !== 'string' || !text.startsWith(MARK) || !Array.isArray(values)) return send(text, ...rest);
    const name = names.get(text) ?? nameOf(text);
    names.set(text, name);
    return send({ name, text, values }, ...others);
  };
}

function nameOf(text: string): string {
  return `hopper_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}
