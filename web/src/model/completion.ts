import { shownLine } from '../../../src/lib/text.ts';
import { complete } from '../../../src/protocol/complete.ts';
import { knownIdsIn } from '../../../src/protocol/known-ids.ts';
import { hintFor } from '../../../src/protocol/hint.ts';
import { parse } from '../../../src/protocol/parse.ts';
import type { State } from '../../../src/state/index.ts';
import { stateWord } from '../../../src/tui/model/state-marks.ts';
import type { Candidate, Hint } from '../../../src/ports/hint.ts';
import type { LanguageAnswer } from '../../../src/web/wire.ts';
import { lackOf, type Reader } from './may-say.ts';

const MOST = 12;

const unquoted = (word: string): string => word.replace(/^"(?<inner>.*)"$/u, '$<inner>');

/** What an id names; undefined where it names nothing. */
const idHelp = (word: string, { instances, tasks }: State): string | undefined => {
  const id = unquoted(word.slice(word.lastIndexOf(',') + 1));
  const instance = Object.hasOwn(instances, id) ? instances[id] : undefined;
  if (instance) return stateWord(instance.state);
  const task = Object.hasOwn(tasks, id) ? tasks[id] : undefined;
  return task && `${task.state} · ${shownLine(task.title)}`;
};

const wordHelp = (word: string, before: string, { commands }: LanguageAnswer): string => {
  const verb = before.trim().split(/\s+/u)[0] ?? '';
  if (verb === '') {
    const own = commands.filter((one) => one.verb === word);
    return own.length === 1 ? own[0]!.summary : own.map(({ noun }) => noun).join(', ');
  }
  const meant = commands.filter((one) => one.verb === verb);
  const named = meant.find(({ noun }) => noun === word || `${noun}s` === word);
  const parameter = meant.flatMap(({ params }) => params).find(({ name }) => `${name}=` === word);
  return named?.summary ?? parameter?.description ?? '';
};

/** The words that may stand at the end of a line, each with what it means. */
export const candidatesFor = (text: string, language: LanguageAnswer, state: State): readonly Candidate[] => {
  const before = text.replace(/\S*$/u, '');
  return complete(text, language, knownIdsIn(state))
    .slice(0, MOST)
    .map((line) => {
      const word = line.slice(before.length);
      return { word, help: idHelp(word, state) ?? wordHelp(word, before, language) };
    });
};

/** Whether a line only looks and names nothing, so that nothing can be in its way. */
const isSure = (text: string, language: LanguageAnswer): boolean => {
  const read = parse(text, language);
  if (!read.ok) return false;
  const { verb, noun, parameters } = read.meaning;
  const command = language.commands.find((one) => one.verb === verb && one.noun === noun);
  return command?.reads === true && Object.keys(parameters).length === 0;
};

/**
 * What a line would do, lacks, or has wrong; or that whoever types it may not say it. Only its words are looked at, not what is
 * there: of a line that names something or changes something it is not promised that it can be done.
 */
export const hintOf = (text: string, language: LanguageAnswer, reader: Reader): Hint => {
  const hint = hintFor(text, language);
  if (hint.kind !== 'ok') return hint;
  const message = lackOf(text, reader, language);
  if (message !== null) return { kind: 'error', message, understood: true };
  return isSure(text, language) ? hint : { ...hint, mayFail: true };
};

/** The line with its last word replaced by a candidate; a blank follows, unless its value does. */
export const withCandidate = (text: string, word: string): string =>
  `${text.replace(/\S*$/u, '')}${word}${word.endsWith('=') ? '' : ' '}`;
