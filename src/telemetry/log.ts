import { type Logger, pino } from 'pino';

/** The log of one process: JSON lines, or words on a terminal. */
export function createLog(name: string, level: string, isTerminal: boolean): Logger {
  const base = { name };
  if (!isTerminal) return pino({ base, level });
  return pino({ base, level, transport: { target: 'pino-pretty', options: { ignore: 'name', singleLine: true } } });
}
