import { randomUUID } from 'node:crypto';

const REPEATS = 3;

/** One request as JSON, repeated under its key after a 503; null for 204. Every contender is asked with it. */
export async function post<Answer>(
  url: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer | null> {
  const init = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
  };
  for (let left = REPEATS; ; left -= 1) {
    const response = await fetch(url, init);
    if (response.status === 204) return null;
    if (response.ok) return (await response.json()) as Answer;
    const words = await response.text();
    if (response.status !== 503 || left === 0) throw new Error(`${url}: ${String(response.status)} ${words}`);
  }
}

/** A request whose answer has a body. */
export async function posted<Answer>(url: string, body: object): Promise<Answer> {
  const answer = await post<Answer>(url, body);
  if (answer === null) throw new Error(`${url} answers nothing`);
  return answer;
}
