import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Awaited } from './contender.ts';

interface Waiting {
  readonly id: string;
  readonly awaited: Awaited;
  readonly found: (what: string) => void;
  readonly failed: (error: unknown) => void;
}

/** Tells a driver that its task is where it waits for it: one look at the database for all that wait. */
export class Watch {
  readonly #client: pg.Client;
  readonly #sql: string;
  readonly #everyMs: number;
  #waiting: Waiting[] = [];
  #isLooking = false;

  private constructor(client: pg.Client, sql: string, everyMs: number) {
    this.#client = client;
    this.#sql = sql;
    this.#everyMs = everyMs;
  }

  static async open(databaseUrl: string, sql: string, everyMs: number): Promise<Watch> {
    const client = new pg.Client({ connectionString: databaseUrl, application_name: 'bench' });
    client.on('error', () => undefined); // the look that it breaks says so
    await client.connect();
    return new Watch(client, sql, everyMs);
  }

  /** Resolves with what the look found: of an offer its id. */
  until(id: string, awaited: Awaited): Promise<string> {
    return new Promise((found, failed) => {
      this.#waiting.push({ id, awaited, found, failed });
      if (!this.#isLooking) void this.#lookOn();
    });
  }

  close(): Promise<void> {
    return this.#client.end();
  }

  async #lookOn(): Promise<void> {
    this.#isLooking = true;
    try {
      while (this.#waiting.length > 0) {
        await this.#look();
        await sleep(this.#everyMs);
      }
    } catch (error) {
      for (const { failed } of this.#waiting.splice(0)) failed(error);
    } finally {
      this.#isLooking = false;
    }
  }

  async #look(): Promise<void> {
    const asked = this.#waiting;
    const values = [asked.map(({ id }) => id), asked.map(({ awaited }) => awaited)];
    const query = { name: 'look', text: this.#sql, values };
    const { rows } = await this.#client.query<{ id: string; bench_look: string }>(query);
    const found = new Map(rows.map((row) => [row.id, row.bench_look]));
    this.#waiting = this.#waiting.filter((each) => !(asked.includes(each) && found.has(each.id)));
    for (const each of asked) {
      const what = found.get(each.id);
      if (what !== undefined) each.found(what);
    }
  }
}
