import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { GLOSSARY } from '../../src/text/help/glossary.ts';

/** Words that were said once, and what is said in their place: one thing has one word. */
const INSTEAD: readonly (readonly [old: RegExp, word: string])[] = [
  [/\bwhat helps:/iu, 'Suggested:'],
  [/\bdo what helps\b/iu, 'fix'],
  [/\bputs? away\b(?! with)/iu, 'dismiss, archive'],
  [/\btake the (?:grey|example)\b/iu, 'accept, use example'],
  [/\bwho needs me\b/iu, 'next waiting'],
  [/\bwill be run again\b/iu, 'Retrying'],
  [/ and goes on`/u, 'Sent "…" to …'],
  [/\bYou left\b.*\bgo(?:es)? on\b/u, 'keep running'],
  [/\bthe mouse is heard\b.*`/iu, 'mouse on'],
  [/\bthe screen stands still\b/iu, 'frozen'],
  [/\bwhat can be said\b/iu, 'Commands'],
  [/\bfor instance:/iu, 'Try:'],
  [/\bput (?:it|them) away\b(?! with)/iu, 'dismiss, archive'],
  [/\b(?:handed|hands?) (?:them |it |tasks )?out\b(?! keys)/iu, 'start, queue, give'],
  [/\bclaims to be done\b/iu, 'reports'],
  [/\bwho needs you next\b/iu, 'next waiting'],
  // Times are told as an age with the time of day; the data has them in full.
  [/(?:\bsince |\(|: +)\$\{\w+\.(?:since|\w+_at)\}/u, 'agoText, forText, clockText'],
];

/** What a person reads: texts of the program, without its comments, and the documents. */
const texts = [...globSync('{src,web/src}/**/*.{ts,tsx}'), 'README.md', ...globSync('docs/*.md')].map(
  (file) =>
    [
      file,
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => file.endsWith('.md') || !/^\s*(?:\/\/|\/?\*)/u.test(line)),
    ] as const,
);

test.each(INSTEAD)('nobody reads %s any more, but "%s"', (old) => {
  const found = texts.flatMap(([file, lines]) =>
    lines.filter((line) => old.test(line)).map((line) => `${file}: ${line}`),
  );
  expect(found).toEqual([]);
});

test('each word is explained once, in one sentence that leans on no other language', () => {
  const entries = GLOSSARY.flatMap(([, all]) => all);
  const words = entries.map(([word]) => word);
  expect(words).toEqual([...new Set(words)]);
  expect(entries.filter(([, meaning]) => meaning.length > 130 || /\.$/u.test(meaning))).toEqual([]);
});

test('each word of the glossary is one that the program or its documents say', () => {
  const all = texts
    .filter(([file]) => !/glossary/u.test(file))
    .map(([, lines]) => lines.join('\n'))
    .join('\n');
  const unsaid = GLOSSARY.flatMap(([, entries]) => entries.map(([word]) => word)).filter(
    (word) => !new RegExp(`\\b${word.split(' ')[0]!}`, 'iu').test(all),
  );
  expect(unsaid).toEqual([]);
});
