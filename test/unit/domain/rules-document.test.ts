import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDERS = ['src', 'workflows', 'activities', 'migrations', 'test'];
const DOCUMENT = readFileSync(join(ROOT, 'docs/rules.md'), 'utf8');

const CITATION = /\brules? ((?:[A-Z]\d+(?: to |, | and )?)+)/g;
const LAW_CITATION = /\blaws? ((?:\d+(?: to |, | and )?)+)/g;

const TEXTS = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(ROOT, folder, path), 'utf8').replaceAll(/\n\s*(\*|\/\/) ?/g, ' ')),
);

/** The ids that the texts cite; `C1 to C3` cites C2 too. */
function cited(citation: RegExp): Set<string> {
  const lists = TEXTS.flatMap((text) => [...text.matchAll(citation)].map((match) => match[1] ?? ''));
  return new Set(lists.flatMap((list) => list.split(/, | and /).flatMap(range)));
}

function range(words: string): string[] {
  const [first = '', last] = words.trim().split(' to ');
  if (last === undefined) return first === '' ? [] : [first];
  const [letter, from, to] = [
    first.replace(/\d+/, ''),
    Number(first.replace(/\D/, '')),
    Number(last.replace(/\D/, '')),
  ];
  return Array.from({ length: to - from + 1 }, (_, offset) => `${letter}${String(from + offset)}`);
}

const written = [...DOCUMENT.matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map((match) => match[1] ?? '');
const laws = [...DOCUMENT.matchAll(/^(\d+)\. /gm)].map((match) => match[1] ?? '');

describe('docs/rules.md', () => {
  it('has every rule once, numbered without a gap under its letter', () => {
    const letters = [...new Set(written.map((id) => id.charAt(0)))];
    const expected = letters.flatMap((letter) =>
      written.filter((id) => id.startsWith(letter)).map((_, index) => `${letter}${String(index + 1)}`),
    );
    expect(written).toEqual(expected);
  });

  it('has every rule that code or a test cites', () => {
    expect([...cited(CITATION)].filter((id) => !written.includes(id))).toEqual([]);
  });

  it('has no rule that neither code nor a test cites', () => {
    const ids = cited(CITATION);
    expect(written.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('describes the laws of the workflow, every one that is cited among them', () => {
    expect(laws).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect([...cited(LAW_CITATION)].filter((law) => !laws.includes(law))).toEqual([]);
  });

  it('says for each piece of advice in the specifications by which rules it is covered', () => {
    const rows = [...DOCUMENT.matchAll(/^\| (?:do|don't): .* \| (.*) \|$/gm)].map((match) => match[1] ?? '');
    expect(rows).toHaveLength(18);
    for (const row of rows) {
      const ids = row.match(/\b[A-Z]\d+\b/g) ?? [];
      expect(ids).not.toEqual([]);
      expect(ids.filter((id) => !written.includes(id))).toEqual([]);
    }
  });
});
