import { describe, expect, test } from 'vitest';
import { registry } from '../../src/commands/index.ts';
import { distance } from '../../src/lib/text.ts';
import { parse } from '../../src/protocol/parse.ts';
import { language } from '../fixtures/signatures.ts';

/** Every slip of one letter in a word: one left out, one doubled, two exchanged. */
const slipsOf = (word: string): string[] =>
  [...word].flatMap((letter, i) => [
    word.slice(0, i) + word.slice(i + 1),
    word.slice(0, i) + letter + word.slice(i),
    word.slice(0, i) + (word[i + 1] ?? '') + letter + word.slice(i + 2),
  ]);

/** The example of each command with one letter wrong, in every word that is no value. */
const slippedExamples = registry.commands.flatMap(({ verb, noun, example }) => {
  const words = example.split(' ');
  const lines = words.flatMap((word, at) =>
    /^[a-z]{3,}$/u.test(word) ? slipsOf(word).map((slip) => words.toSpliced(at, 1, slip).join(' ')) : [],
  );
  return [{ command: `${verb} ${noun}`, lines: [...new Set(lines)] }];
});

const commandOf = (line: string) => {
  const read = parse(line, language);
  return read.ok
    ? registry.commands.find(({ verb, noun }) => verb === read.meaning.verb && noun === read.meaning.noun)
    : undefined;
};

/** Whether a line is nearly the words of another, or the first of two commands that it has. */
const nearLine = (line: string, meant: string): boolean =>
  line.startsWith(`${meant} `) || distance(line.toLowerCase(), meant.toLowerCase()) <= 4;

describe('[REC-7] what is suggested for a line with a slip', () => {
  test.each(slippedExamples)(
    'of "$command" is understood, available, and does no more than what was written',
    ({ lines }) => {
      const wrong: string[] = [];
      for (const line of lines) {
        const read = parse(line, language);
        if (read.ok || read.suggestion === undefined) continue;
        const command = commandOf(read.suggestion);
        if (!parse(read.suggestion, language).ok) wrong.push(`${line} → ${read.suggestion}: not understood`);
        // What changes something is only suggested for nearly the same words.
        else if (command && !command.reads && !nearLine(line, read.suggestion))
          wrong.push(`${line} → ${read.suggestion}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  test.each(['history', 'graph', 'problems', 'describe', 'explain', 'tail', 'timeline', 'stats'])(
    'nothing that changes the swarm is suggested for "%s", which is a word of no command',
    (word) => {
      const lines = ['', 'tasks ', 'instances ', 'status '].flatMap((noun) => [`${noun}${word}`, `${noun}${word} h1`]);
      const changing = lines.filter((line) => {
        const read = parse(line, language);
        const meant = read.ok ? line : read.suggestion;
        const command = meant === undefined ? undefined : commandOf(meant);
        return command !== undefined && !command.reads;
      });
      expect(changing).toEqual([]);
    },
  );

  test('a number that is missing is one, where the line says that there shall be more', () => {
    expect(parse('scale up', language)).toMatchObject({ error: { hint: 'For example: scale up instances 1' } });
  });
});
