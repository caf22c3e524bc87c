import { describe, expect, test } from 'vitest';
import { registry } from '../../src/commands/index.ts';
import { distance } from '../../src/lib/text.ts';
import { complete } from '../../src/protocol/complete.ts';
import { parse } from '../../src/protocol/parse.ts';
import { pluralOf } from '../../src/protocol/vocabulary.ts';
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

const meantBy = (line: string) => {
  const read = parse(line, language);
  return read.ok ? { verb: read.meaning.verb, noun: read.meaning.noun, ...read.meaning.parameters } : read.suggestion;
};

describe('words that are known elsewhere', () => {
  test.each([
    ['remove secret github', { verb: 'remove', noun: 'secret', id: 'github' }],
    ['secrets remove github', { verb: 'remove', noun: 'secret', id: 'github' }],
    ['stop group github', { verb: 'stop', noun: 'group', id: 'github' }],
    ['tasks set a priority=3', { verb: 'set', noun: 'task', id: 'a', priority: 3 }],
    ['tasks show a', { verb: 'show', noun: 'task', id: 'a' }],
  ])('"%s" names what the noun before wants', (line, meant) => expect(meantBy(line)).toEqual(meant));

  test.each([
    'show task the',
    'run task a',
    'run a task',
    'show tasks plan',
    'remove secret task 3.1',
    'stop secret all',
  ])('"%s" names nothing', (line) => expect(parse(line, language).ok && meantBy(line)).toBe(false));

  test.each([
    ['status problems', 'list alerts'],
    ['tasks graph', 'plan graph'],
    ['task graph', 'plan graph'],
    ['import ask todo.md', undefined],
    ['import specs ask todo.md', undefined],
    ['whaat failed?', 'what failed?'],
    ['hat failed?', 'what failed?'],
    ['show kiro-1 and stop kiro-2', 'show kiro-1'],
    ['sotp failed instances', 'stop failed instances'],
    ['agnts', 'agents'],
    ['tell all agents xcept kiro-3 "freeze"', 'tell all agents except kiro-3 "freeze"'],
    ['tell all agentse xcept kiro-3 freeze', 'tell all agents except kiro-3 freeze'],
    ['show integration', undefined],
  ])('for "%s" %j is suggested', (line, suggestion) => expect(meantBy(line)).toBe(suggestion));

  test.each([
    ['merge everything to main', 'merge completed branches to=main'],
    ['merge everything into "my branch"', undefined],
    ['merge everything', 'merge completed branches'],
    ['retry t6 with "use the other one"', 'retry t6 prompt="use the other one"'],
    ['retry t6 "use the other one"', 'retry t6 prompt="use the other one"'],
    [String.raw`retry t6 with "say \"yes\" \\ no"`, String.raw`retry t6 prompt="say \"yes\" \\ no"`],
    ['create task "a" "how it is done"', 'create task "a" description="how it is done"'],
  ])('words of the screen, and texts without their names: for "%s" %j is suggested', (line, suggestion) =>
    expect(meantBy(line)).toBe(suggestion),
  );

  test.each([
    ['deliver', 'merge completed branches to=main'],
    ['deliver to main', 'merge completed branches to=main'],
    ['reject t6', 'send back t6 "…"'],
    ['deny task t6', 'send back t6 "…"'],
    ['send t6 back "not so"', 'send back t6 "…"'],
    ['send task t6 back', 'send back t6 "…"'],
  ])('"%s" is refused with the command that is meant: %s', (line, command) => {
    const read = parse(line, language);
    expect(read.ok || read.error.hint).toContain(command);
    expect(parse(command, language).ok).toBe(true);
  });

  test('how several commands are given is said where they stand in one line', () => {
    const read = parse('create task "a"; create task "b"', language);
    expect(read.ok || read.error.hint).toContain('Alt-Enter');
  });

  test('problems are the alerts', () => expect(meantBy('problems')).toEqual({ verb: 'list', noun: 'alert' }));
});

/** The commands in a hint: what stands behind these words, up to the end of its sentence. */
const commandsIn = (hint: string): string[] =>
  [
    ...hint.matchAll(/(?:for example|Say|See|or|Usage|Put .*, for example): (?<command>[^:]+?)(?=, or: |\. |\.?$)/gu),
  ].map(({ groups }) => groups!['command']!);

/** What people say of a command before it is whole. */
const unfinished = registry.commands.flatMap(({ verb, noun }) => [
  verb,
  `${verb} ${noun}`,
  `${pluralOf(noun)} ${verb}`,
]);

/** With a word that does not belong there. */
const mistaken = registry.commands.flatMap(({ verb, example }) => [
  `${verb} nothing`,
  `${example} zzz`,
  `${example} force`,
]);

test('[REC-7] every command in the hint of a refusal is understood', () => {
  const wrong = [...unfinished, ...mistaken].flatMap((line) => {
    const read = parse(line, language);
    if (read.ok) return [];
    const said = commandsIn(read.error.hint ?? '');
    return said.filter((command) => !parse(command, language).ok).map((command) => `${line} → ${command}`);
  });
  expect(wrong).toEqual([]);
  expect(commandsIn('Say which one, for example: show task 3.1, or: list all tasks. See: help show')).toEqual([
    'show task 3.1',
    'list all tasks',
    'help show',
  ]);
});

test('[REC-7] what completes a line goes on with it, and can be finished', () => {
  const known = { instances: ['rehearsal-1'], tasks: ['3.1'], batches: ['batch-1'] };
  const wrong = unfinished.flatMap((line) =>
    complete(`${line} `, language, known).flatMap((offered) => {
      const read = parse(offered, language);
      // What lacks its rest is no slip: nothing but that rest is proposed for it.
      const isOpen = !read.ok && (read.suggestion ?? offered).startsWith(offered);
      return offered.startsWith(`${line} `) && (read.ok || isOpen) ? [] : [`${line} → ${offered}`];
    }),
  );
  expect(wrong).toEqual([]);
});

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
