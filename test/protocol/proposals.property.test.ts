import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { waysOn } from '../../src/attention/failure-help.ts';
import { importOf } from '../../src/attention/spec-places.ts';
import { finishedWork } from '../../src/attention/finished-work.ts';
import { deliveryStep, workSteps } from '../../src/attention/steps.ts';
import { complete } from '../../src/protocol/complete.ts';
import { isId } from '../../src/protocol/forms.ts';
import { lex } from '../../src/protocol/lex.ts';
import { parse } from '../../src/protocol/parse.ts';
import { saidId, saidOption, saidText } from '../../src/protocol/say.ts';
import { vocabularyOf } from '../../src/protocol/vocabulary.ts';
import { emptyState } from '../../src/state/index.ts';
import { language, signatures } from '../fixtures/signatures.ts';
import { begin, created, failed, instance, requested, started } from '../tasks/journal.ts';

const { verbs, nouns, modifiers, states, quantifiers, directions } = vocabularyOf(signatures);
/** Words of the language, and what looks like more than a name. */
const WORDS = [
  ...[verbs, nouns, modifiers, states, quantifiers, directions].flatMap((map): string[] => [...map.keys()]),
  ...'and or to from on with in the a not if please thanks now one 3 007 true none drover main=1 to=main id=x'.split(
    ' ',
  ),
  ...'release merge/all 1-3 t1-t9 3.1 batch-5 rehearsal-1 a.b x:y a,b a;b "quoted" it\'s back` $x (y) {z} é 界 a&b a|b'.split(
    ' ',
  ),
];

const LETTERS = [...'abzABZ019-_./#@+,;=!"\'$%&(){}<>|`é界'];
/** What `git check-ref-format --branch` takes, as far as it can be seen. */
const isBranch = (name: string): boolean =>
  /^[^\s~^:?*[\\\u0000-\u001F\u007F]+$/u.test(name) &&
  !/\.\.|@\{|\/\/|^[-/]|[/.]$|^@$|(?:^|\/)\.|\.lock(?:\/|$)/u.test(name);
const branch = fc
  .oneof(fc.constantFrom(...WORDS), fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 12 }))
  .filter(isBranch);
const id = fc.oneof(branch, fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,12}$/u)).filter(isId);
/** Instances are called as their agent is, with a number. */
const instanceName = id.map((agent) => `${agent.toLowerCase()}-1`).filter((one) => /^[a-z][a-z\d-]*-1$/u.test(one));
/** Anything that may stand in a line. */
const text = fc
  .oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'grapheme', maxLength: 20 }))
  .filter((one) => one.trim() === one && one !== '')
  .filter((one) => {
    try {
      return lex(saidText(one)).length === 1;
    } catch {
      return false;
    }
  });

/** The very command that a proposal means. */
const meantBy = (line: string) => {
  const read = parse(line, language);
  if (!read.ok) throw new Error(`${line}: ${read.error.message} ${read.error.hint}`);
  const { verb, noun, modifiers: said, parameters } = read.meaning;
  return { command: [verb, noun, ...said].join(' '), ...parameters };
};

const always = <T>(names: fc.Arbitrary<T>, holds: (name: T) => void): void =>
  fc.assert(fc.property(names, holds), { numRuns: 500 });

describe('a proposal means the very command that it names, whatever something is called', () => {
  test.each(['release', 'merge', 'all', 'task', 'and', 'to=main', 'main', 'feature/a b"c'.replace(' ', '(')])(
    'what the branch %s lacks is brought in by the step that says so',
    (integration) => {
      const delivery = { branch: 'main', commits: 1, own: 1, integration };
      const step = deliveryStep(emptyState, { delivery })!;
      expect(meantBy(step.command)).toEqual({ command: 'sync branch', id: integration });
    },
  );

  test('branches', () => {
    always(branch, (name) => {
      const delivery = { branch: name, commits: 1, own: 0, integration: name };
      const { command } = deliveryStep(emptyState, { delivery })!;
      expect(meantBy(command)).toEqual({ command: 'merge branch', state: ['completed'], to: name });
      const before = deliveryStep(emptyState, { delivery: { ...delivery, own: 1 } })!;
      expect(meantBy(before.command)).toEqual({ command: 'sync branch', id: name });
      expect(meantBy(`show branch ${saidId(name)}`)).toEqual({ command: 'show branch', id: name });
    });
  });

  test('tasks', () => {
    always(id, (name) => {
      const state = begin(...instance('a-1'), created(name), started(name, 'a-1'), failed(name));
      const commands = waysOn(state.tasks[name]!).map(({ command }) => meantBy(command.replaceAll('…', 'x')));
      expect(commands.map((one) => ('id' in one ? one.id : undefined))).toEqual(commands.map(() => name));
    });
  });

  test('groups and agents', () => {
    always(text, (name) => {
      const asked = { ...requested('t1'), data: { ids: ['t1'], group: name, agent: name } } as ReturnType<
        typeof requested
      >;
      const state = begin(created('t1'), asked);
      const [launch] = workSteps(state, finishedWork(state, false), null).filter(({ kind }) => kind === 'launch');
      expect(meantBy(launch!.command)).toMatchObject({
        command: 'launch instance',
        count: 1,
        agent: name,
        group: name,
      });
    });
  });

  test('files, and words of somebody’s own', () => {
    always(text, (words) => {
      expect(meantBy(`tell rehearsal-1 ${saidText(words)}`)).toEqual({
        command: 'tell instance',
        id: 'rehearsal-1',
        text: words,
      });
      expect(meantBy(`comment task t1 ${saidOption('file', words)} line=3 ${saidText(words)}`)).toMatchObject({
        ...{ command: 'comment task', id: 't1', file: words, line: 3, text: words },
      });
      expect(meantBy(`create task ${saidText(words)}`)).toEqual({ command: 'create task', text: words });
    });
    for (const path of ['all', 'task', 'my plan.md', 'release.md'])
      expect(meantBy(importOf(path))).toEqual({ command: 'import spec', id: path });
    always(branch, (path) => {
      expect(meantBy(importOf(`specs/${path}`))).toEqual({ command: 'import spec', id: `specs/${path}` });
    });
  });

  test('what completes a line', () => {
    const kinds = [
      ['show branch', 'branches', branch],
      ['show task', 'tasks', id],
      ['stop instance', 'instances', instanceName],
      ['show worktree', 'worktrees', id],
      ['tell group', 'groups', id],
      ['run task t1 on', 'instances', instanceName],
    ] as const;
    for (const [line, kind, names] of kinds)
      always<string>(names, (name) => {
        const offered = complete(`${line} `, language, { [kind]: [name] });
        const own = offered.filter((one) => one === `${line} ${saidId(name)}`);
        expect(own, line).toHaveLength(1);
        const whole = line.startsWith('tell') ? `${own[0]} "x"` : own[0]!;
        expect(meantBy(whole)).toMatchObject(line.endsWith(' on') ? { id: 't1', on: name } : { id: name });
      });
  });

  test('a name that needs quotes is completed from its first letters as well', () => {
    const known = { branches: ['release'] };
    expect(complete('sync branch rel', language, known)).toContain('sync branch "release"');
    expect(complete('sync branch "rel', language, known)).toContain('sync branch "release"');
  });
});

test('a name that is refused as a word of the language is proposed in its quotes', () => {
  const read = parse('sync branch release', language);
  expect(read).toMatchObject({ ok: false, error: { hint: expect.stringContaining('sync branch "release"') } });
  expect(meantBy('sync branch "release"')).toEqual({ command: 'sync branch', id: 'release' });
});

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/u.test(file) && !file.startsWith('protocol/'))
    .map((file) => join(folder, file));

test('names and texts get their quotes in one place', () => {
  const own = [...sourcesIn('src'), ...sourcesIn('web/src')].filter((file) =>
    /import \{[^}]*\bquote\b[^}]*\} from '[^']*protocol\/lex\.ts'/u.test(readFileSync(file, 'utf8')),
  );
  expect(own).toEqual([]);
});
