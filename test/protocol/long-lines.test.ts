import { expect, test } from 'vitest';
import { parse } from '../../src/protocol/parse.ts';
import { language } from '../fixtures/signatures.ts';

const LONGEST_SENTENCE = 1000;

// What takes a time that grows with the square of the length would not end before the test is given up.
test.each([
  ['one word', 'x'.repeat(1_000_000)],
  ['a number', `scale to ${'9'.repeat(1_000_000)}`],
  ['many words', 'stop all '.repeat(110_000)],
  ['many ids', `stop ${'kiro-1, '.repeat(125_000)}kiro-2`],
  ['many ids without commas', `stop ${'kiro-1 '.repeat(140_000)}`],
  ['many ids that are left out', `stop all agents except ${'kiro-1 '.repeat(140_000)}`],
  ['many quoted ids', `tell ${'"a", '.repeat(200_000)}"b" "x"`],
  ['one text', `tell kiro-1 "${'x '.repeat(500_000)}"`],
  ['an open quote', `tell kiro-1 "${'x '.repeat(500_000)}`],
  ['open quotes', `tell kiro-1 ${'“'.repeat(330_000)}`],
  ['blanks', ' '.repeat(1_000_000)],
  ['quotes', '"" '.repeat(330_000)],
  ['apostrophes', "'' ".repeat(330_000)],
  ['dots', `run task abc${'.'.repeat(1_000_000)}`],
  ['hyphens', `run task a${'-1'.repeat(500_000)}`],
  ['slashes', `run ${'a/'.repeat(500_000)}`],
  ['commas', `stop kiro-1${','.repeat(1_000_000)}`],
  ['parameters', `status ${'a=b '.repeat(250_000)}`],
  ['options', `tell kiro-1 x ${'--yes '.repeat(160_000)}`],
  ['thanks', `stop kiro-1 ${'thanks '.repeat(140_000)}`],
  ['politeness', 'please '.repeat(140_000)],
  ['conjunctions', `stop kiro-1 ${'and '.repeat(250_000)}`],
  ['states', `stop ${'idle '.repeat(200_000)}agents`],
  ['prepositions', `run abc ${'on kiro-1 '.repeat(100_000)}`],
  ['addresses', `${'@kiro-1 '.repeat(120_000)}stop`],
  ['a list', `stop instance id=${'kiro-1,'.repeat(140_000)}`],
  ['questions', `how is ${'now '.repeat(240_000)}`],
  ['control characters', '\u001B[2J'.repeat(250_000)],
])('[PRT-5] a line of a megabyte is answered: %s', { timeout: 30_000 }, (_name, line) => {
  const result = parse(line, language);
  if (!result.ok) expect(result.error.message.length + result.error.hint.length).toBeLessThan(LONGEST_SENTENCE);
});
