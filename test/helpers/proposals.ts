import type { Actor, CommandLanguage } from '../../src/commands/define.ts';
import { authorise, understand } from '../../src/commands/dispatch.ts';
import { messageOf } from '../../src/lib/errors.ts';
import type { Reply } from '../../src/ports/swarm.ts';
import type { Meaning } from '../../src/protocol/action.ts';
import { vocabularyIn } from '../../src/protocol/vocabulary.ts';

/** What a line that is proposed stands for where it says `ID` and the like. */
const PLACES: Readonly<Record<string, string>> = {
  ID: '3.1',
  NAME: 'login',
  PATH: 'plan.md',
  SPEC: 'login',
  KEY: 'agent',
};

/** What stands in quotes, and what stands behind a colon or an arrow up to the end of its sentence. */
const PIECES =
  /(?:: |→ )(?<said>[a-z](?:"[^"\n]*"|[^"\n])*?)(?=[.?]?$|\. |; |, or:? |\)|, then| or (?=[a-z]+ [a-z]+ \S+$))|"(?<quoted>[a-z](?: "[^"\s]+"(?=["\s])|[^"\n])*)"/gmu;

const textsIn = (list: unknown, key: string): readonly string[] =>
  Array.isArray(list) ? list.flatMap((one: unknown) => textIn(one, key)) : [];

const textIn = (one: unknown, key: string): readonly string[] => {
  const value = typeof one === 'object' && one !== null ? (one as Record<string, unknown>)[key] : null;
  return typeof value === 'string' ? [value] : [];
};

/** The commands that the data of an answer offers: a screen shows them by number or behind a key. */
const offersIn = (data: unknown): readonly string[] => {
  const { suggestions, needs, next } = (data ?? {}) as Readonly<Record<string, unknown>>;
  return [
    ...textsIn(suggestions, 'command'),
    ...textsIn(needs, 'help'),
    ...textsIn(next, 'command'),
    ...textsIn([data].flat(), 'suggestion'),
  ];
};

/** The commands that an answer proposes, as they are said in the prompt bar. */
export const proposalsIn = (language: CommandLanguage, { message, hint, text, data }: Reply): readonly string[] => {
  const { verbs } = vocabularyIn(language);
  const isOneLine = text !== null && text !== undefined && !text.includes('\n');
  const all = [message, hint ?? '', isOneLine ? text : ''];
  const pieces = all.flatMap((one) =>
    [...one.matchAll(PIECES)].map(({ groups }) => groups!['quoted'] ?? groups!['said']!),
  );
  const lines = pieces.flatMap((piece) => {
    const [first = '', second] = piece.split(' ');
    // A dash before an option, and the number of a process, are other programs' language.
    return verbs.has(first) && second !== undefined && !/ -|^kill \d+$/u.test(piece) ? [piece] : [];
  });
  return [...new Set([...lines, ...offersIn(data)])].map((line) =>
    line.replaceAll(/"?…"?/gu, '"x"').replaceAll(/\b[A-Z]{2,}\b/gu, (word) => PLACES[word] ?? word),
  );
};

const isWide = ({ noun, parameters }: Meaning): boolean => parameters['scope'] === 'all' || noun === 'swarm';

/** Whether what was said is about all; what is not understood is about nothing. */
const isSaidWide = (language: CommandLanguage, text: string): boolean => {
  try {
    return isWide(understand(language, { text }).meaning);
  } catch {
    return false;
  }
};

/**
 * What goes further than the line before it, and is to: on a full disk room is made at once, where what lies in the trash was
 * removed before and commits are in the archive; and what one loss has ended is brought back together.
 */
const FURTHER: readonly string[] = ['clean worktrees force', 'resume all instances'];

/** What is wrong with a line that an answer to another proposes to somebody; undefined where nothing is. */
export const problemOf = (
  language: CommandLanguage,
  proposed: string,
  asked: { readonly text: string; readonly actor: Actor },
): string | undefined => {
  try {
    const { command, meaning } = understand(language, { text: proposed });
    authorise(asked.actor, command, meaning.modifiers);
    if (command.reads || FURTHER.includes(proposed)) return undefined;
    if (meaning.modifiers.some((one) => one === 'force' || one === 'yes')) return `"${proposed}" is not asked about`;
    return isWide(meaning) && !isSaidWide(language, asked.text) && command.loss
      ? `"${proposed}" does more than "${asked.text}"`
      : undefined;
  } catch (error) {
    return `"${proposed}": ${messageOf(error)}`;
  }
};
