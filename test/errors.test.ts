import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Declared = { readonly code: string; readonly exit: string; readonly file: string };

const DECLARATION = /defineError\s*(?:<[^(]*>)?\(\s*'(?<code>[^']*)',\s*(?<exit>\d+),/gu;

const sources = globSync('src/**/*.{ts,tsx}').map((file) => ({ file, text: readFileSync(file, 'utf8') }));
const declared: Declared[] = sources.flatMap(({ file, text }) =>
  [...text.matchAll(DECLARATION)].map(({ groups }) => ({ code: groups!['code']!, exit: groups!['exit']!, file })),
);
const rows = [
  ...readFileSync('docs/errors.md', 'utf8').matchAll(
    /^\| `(?<code>[^`]+)` \| (?<exit>\d+) \| (?<message>.*?) \| (?<hint>.*) \|$/gmu,
  ),
].map(({ groups }) => groups as { code: string; exit: string; message: string; hint: string });

const repeated = (codes: readonly string[]): string[] => codes.filter((code, i) => codes.indexOf(code) !== i);

test('every kind of failure is found in the sources: a code in quotes and an exit code as a number', () => {
  const calls = sources
    .filter(({ file }) => file !== 'src/lib/errors.ts')
    .flatMap(({ text }) => text.match(/\bdefineError\s*[<(]/gu) ?? []);
  expect(declared.length).toBe(calls.length);
  expect(declared.length).toBeGreaterThan(80);
});

test('no code is declared twice, and each says what it is about and what is wrong', () => {
  expect(repeated(declared.map(({ code }) => code))).toEqual([]);
  expect(declared.filter(({ code }) => !/^[a-z]+\/[a-z]+(?:-[a-z]+)*$/u.test(code))).toEqual([]);
});

test('every failure has an exit code of the product’s list', () => {
  const known = ['1', '2', '3', '4', '5', '6', '7', '124'];
  expect(declared.filter(({ exit }) => !known.includes(exit))).toEqual([]);
});

test('docs/errors.md explains every code of the sources once, with its exit code, and no other', () => {
  const missing = declared.filter(({ code }) => !rows.some((row) => row.code === code));
  expect(missing.map(({ code, file }) => `${code} of ${file}`)).toEqual([]);
  expect(rows.map((row) => row.code).filter((code) => !declared.some((one) => one.code === code))).toEqual([]);
  expect(repeated(rows.map((row) => row.code))).toEqual([]);
  const wrong = declared.filter(({ code, exit }) => rows.find((row) => row.code === code)?.exit !== exit);
  expect(wrong).toEqual([]);
});

test('every row of docs/errors.md has a message and a hint', () => {
  expect(rows.filter((row) => row.message.trim() === '' || row.hint.trim() === '')).toEqual([]);
});
