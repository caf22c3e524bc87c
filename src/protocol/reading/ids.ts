import { shorten } from '../../lib/text.ts';
import { badId, inQuotes, lineWith, missing, refuse, severalCommands, spanOf } from '../errors.ts';
import { formOf, RANGE } from '../forms.ts';
import { quote } from '../lex.ts';
import { isNearVerb } from '../near.ts';
import { isKeyword } from '../vocabulary.ts';
import { isFiltered, takesModifier, takesText } from './candidates.ts';
import type { IdRow, ParseState, Word } from './model.ts';
import { isTextKeyed } from './options.ts';
import { checkId } from './steps.ts';
import { refuseWord } from './unknown.ts';
import { isUrgent, skipFillers } from './words.ts';

const ENDING: ReadonlySet<string> = new Set(['and', '&', 'then', 'but', ',']);

/** So much of a line is proposed as the command that it begins with, in characters. */
const LONGEST_PROPOSAL = 200;

/** The line up to a word, without what joined them. */
const lineBefore = ({ words, line }: ParseState, word: Word): string => {
  const before = words.filter(({ start }) => start < word.start);
  while (before.length > 1 && !before.at(-1)!.quoted && ENDING.has(before.at(-1)!.text.toLowerCase())) before.pop();
  const said = line.slice(0, before.at(-1)?.end ?? 0);
  return shorten(said.endsWith(',') ? said.slice(0, -1) : said, LONGEST_PROPOSAL);
};

/** Whether a first command is whole where a verb follows: `import ask todo.md` asks for one file, and not for all. */
const isWholeBefore = (state: ParseState, word: Word): boolean => {
  const last = state.words.findLast(({ start }) => start < word.start);
  const isJoined = last !== undefined && !last.quoted && ENDING.has(last.text.slice(-1));
  const isAnded = last !== undefined && !last.quoted && ENDING.has(last.key);
  return isJoined || isAnded || state.ids.length > 0 || isFiltered(state) || state.parameters.size > 0;
};

/** How a word is said that is a name where the noun before it wants one: a shell takes the quotes off. */
const nameHint = ({ noun, ids, line }: ParseState, word: Word): string => {
  const goes = 'word that is an id goes in quotes, in a shell behind "--"';
  return noun === undefined || noun.plural || ids.length > 0
    ? `Only one command at a time; a ${goes}.`
    : `If it is a name, say: ${lineWith(line, word, quote(word.text, true))}. A ${goes}.`;
};

/** The refusal of a verb in the middle of a line. */
export const refuseVerb = (state: ParseState, word: Word): never =>
  refuse(severalCommands, {
    message: `${inQuotes(word.text)} begins a second command.`,
    hint: nameHint(state, word),
    suggestion: isWholeBefore(state, word) ? lineBefore(state, word) : undefined,
    at: spanOf(word),
  });

/** Nouns whose ids have a form: any other word after them is more likely a slip. */
export const FORMED: ReadonlySet<string> = new Set(['instance', 'integration', 'worker', 'failure', 'swarm']);

const SEPARATORS: ReadonlySet<string> = new Set([',', 'and', '&']);

const isSeparator = (word: Word | undefined): boolean =>
  word !== undefined && !word.quoted && SEPARATORS.has(word.text.toLowerCase());

/** Refuses what cannot be an id without quotes. */
export const checkBareId = (state: ParseState, id: string): string => {
  if (RANGE.test(id))
    refuse(badId, {
      message: `${inQuotes(id)} looks like a range, and which ids lie in it is not known.`,
      hint: 'Name each id: 3.1, 3.2 and 3.3. An id that is really called so goes in quotes.',
    });
  return checkId(state, id);
};

/** The quoted end of a line, where a command wants a text: `tell kiro-3, "use it"`. */
const isText = (state: ParseState, at: number): boolean =>
  state.words[at]!.quoted &&
  state.text === undefined &&
  at === state.lastQuoted &&
  !isTextKeyed(state) &&
  takesText(state);

/** Whether a word behind a comma cannot be one more id: a slip, or a word that means something else. */
const isOdd = ({ vocabulary }: ParseState, { text, key }: Word, first: string | undefined): boolean => {
  if (isKeyword(vocabulary, key)) return true;
  // `stop kiro-3, nto kiro-4`, `merge feature/x and stp kiro-3`: a slip must not become one of the ids.
  if (formOf(vocabulary, text.split(',')[0]!) !== undefined) return false;
  return FORMED.has(formOf(vocabulary, first ?? '') ?? '') || isNearVerb(vocabulary, key);
};

/** What comes after `a,` or `a and`: the place of the next id, or undefined when the list is over. */
const nextId = (state: ParseState, { ids, at: from }: IdRow): number | undefined => {
  const { words, vocabulary } = state;
  const at = skipFillers(words, from);
  const next = words[at];
  if (!next || isText(state, at)) return undefined;
  if (next.quoted) return at;
  const modifier = vocabulary.modifiers.get(next.key);
  if ((modifier !== undefined && takesModifier(state, modifier)) || isUrgent(next)) return undefined;
  const noun = vocabulary.nouns.get(next.key)?.noun;
  if (noun !== undefined && noun === (state.noun?.noun ?? formOf(vocabulary, ids[0] ?? '')) && words[at + 1])
    return skipFillers(words, at + 1);
  if (vocabulary.verbs.has(next.key)) refuseVerb(state, next);
  if (isOdd(state, next, ids[0])) refuseWord(state, next);
  return at;
};

const refuseEnd = (joint: Word): never =>
  refuse(missing, {
    message: `Something is missing after ${inQuotes(joint.text)}.`,
    hint: 'Say the next id, or leave it out.',
    expects: ['an id'],
    at: spanOf(joint),
  });

/** Adds the ids of one word, between commas if it has any. */
const addIds = (state: ParseState, word: Word, ids: string[]): void => {
  if (word.quoted) ids.push(checkId(state, word.text));
  else for (const id of word.text.replace(/:$/u, '').split(',')) if (id !== '') ids.push(checkBareId(state, id));
};

/** The first word behind commas and `and`, and whether there were any behind the word before. */
const skipSeparators = (words: readonly Word[], from: number): { at: number; isJoined: boolean } => {
  let at = from;
  while (isSeparator(words[at])) at += 1;
  const last = words[at - 1]!;
  if (at === from) return { at, isJoined: !last.quoted && last.text.endsWith(',') };
  if (!words[at] && last.text !== ',') refuseEnd(last);
  return { at, isJoined: true };
};

/** Reads `a`, `a, b` and `a, b and c` from a place on. */
export const readIds = (state: ParseState, from: number): IdRow => {
  const { words, vocabulary } = state;
  const ids: string[] = [];
  let next: number | undefined = from;
  let at = from;
  while (next !== undefined) {
    at = next;
    const word = words[at];
    if (!word || (ids.length > 0 && !word.quoted && isKeyword(vocabulary, word.key))) break;
    addIds(state, word, ids);
    const joint = skipSeparators(words, at + 1);
    at = joint.at;
    next = joint.isJoined ? nextId(state, { ids, at }) : undefined;
  }
  return { ids, at };
};

/** Reads ids without commas between them as well: `kiro-3 kiro-4`, of one form. */
export const readIdRow = (state: ParseState, from: number): IdRow => {
  const { words, vocabulary } = state;
  const first = readIds(state, from);
  const form = formOf(vocabulary, first.ids[0] ?? '');
  const ids = [...first.ids];
  let { at } = first;
  const goesOn = (word: Word | undefined): boolean =>
    word !== undefined && !word.quoted && formOf(vocabulary, word.text.split(',')[0]!) === form;
  while (form !== undefined && goesOn(words[at])) {
    const more = readIds(state, at);
    for (const id of more.ids) ids.push(id);
    at = more.at;
  }
  return { ids, at };
};
