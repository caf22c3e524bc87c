import { contradiction, inQuotes, lineWith, notTaken, refuse, spanOf } from '../errors.ts';
import { formOf, isId } from '../forms.ts';
import { quote } from '../lex.ts';
import { UNCLEAR_NUMBER } from '../lexicon.ts';
import { isNearKeyword, nearestAgent } from '../near.ts';
import { NUMBERS } from '../phrases.ts';
import { agentNamed, isKeyword, untrustedNamed } from '../vocabulary.ts';
import { firstChosen, isVerb, takes } from './candidates.ts';
import { checkBareId, FORMED, readIds } from './ids.ts';
import type { IdRow, ParseState, Step, Word } from './model.ts';
import { checkId, parameter, withNoun } from './steps.ts';
import { refuseAgent, refuseAmount, refuseWord } from './unknown.ts';

/** Whether nothing can be aimed at by the commands that may be meant, those of instances where these are named. */
const isAimless = ({ candidates }: ParseState, isOfInstances: boolean): boolean => {
  const meant = isOfInstances ? candidates.filter(({ noun }) => noun === 'instance') : candidates;
  return meant.length > 0 && meant.every(({ target }) => target === 'none');
};

/** `launch 2 claude agents`, `launch claude`. */
const readAgent = (state: ParseState, word: Word): Step | undefined => {
  if (state.parameters.has('agent') || state.ids.length > 0 || !takes(state, 'agent')) return undefined;
  const { vocabulary, words, at } = state;
  const agent = agentNamed(vocabulary, word);
  const isAdjective = vocabulary.nouns.get(words[at + 1]?.key ?? '')?.noun === 'instance';
  const isPlace = (isAdjective && agent !== undefined) || isAimless(state, isAdjective);
  if (!isPlace) return undefined;
  if (agent !== undefined) return { at: at + 1, parameters: [parameter(state, 'agent', agent)] };
  const isMeant =
    isAdjective || untrustedNamed(vocabulary, word) !== undefined || nearestAgent(vocabulary, word.text) !== undefined;
  return isMeant ? refuseAgent(state, word) : undefined;
};

/** Refuses a mistyped keyword in the place of an id: `stop instance gracefull`, `restart atl`. */
const refuseSlip = (state: ParseState, word: Word): void => {
  if (state.noun && !FORMED.has(state.noun.noun)) return;
  const isNamed = state.candidates.some(
    ({ noun }) => FORMED.has(noun) || noun === 'task' || noun === 'branch' || noun === 'ref',
  );
  if (isNamed && !isKeyword(state.vocabulary, word.key) && isNearKeyword(word.key)) refuseWord(state, word);
};

/** `stop the backend group`: the noun after a name says what it names. */
const readNamed = (state: ParseState, word: Word): Step | undefined => {
  const { vocabulary, words, head, at } = state;
  const noun = vocabulary.nouns.get(words[at + 1]?.key ?? '');
  if (state.noun || !noun || noun.plural || FORMED.has(noun.noun)) return undefined;
  const isKnown = head.readings.some(({ verb }) => vocabulary.byCommand.has(`${verb} ${noun.noun}`));
  if (!isKnown || word.text.endsWith(',')) return undefined;
  if (isNearKeyword(word.key)) refuseWord(state, word);
  return { at: at + 2, noun, ids: [checkBareId(withNoun(state, noun), word.text)], idMayFollow: false };
};

/** Refuses a number that is a task to one person and an amount to another: `kill 3`. */
const refuseUnclear = (state: ParseState, word: Word, { first, at }: { first: string; at: number }): void => {
  const { vocabulary, words, head } = state;
  const verb = head.readings.find((reading) => UNCLEAR_NUMBER.has(reading.verb))?.verb;
  const next = words[at];
  const isFollowed = next !== undefined && vocabulary.nouns.has(next.key);
  if (verb === undefined || isFollowed || word.quoted || !/^\d+$/u.test(first)) return;
  refuse(notTaken, {
    message: `It is not clear whether ${inQuotes(first)} is a task or an amount.`,
    hint: `Say the noun: ${verb} task ${first}. Which instances are meant is said by their ids.`,
    suggestion: !next && vocabulary.byCommand.has(`${verb} task`) ? `${verb} task ${first}` : undefined,
    at: spanOf(word),
  });
};

/** Refuses ids that cannot belong to one command: `stop kiro-1 and 3.1`, `kill 3`. */
const refuseMixed = (state: ParseState, word: Word, added: IdRow): void => {
  if (state.noun) return;
  const { vocabulary } = state;
  const first = state.ids[0] ?? added.ids[0] ?? '';
  const form = formOf(vocabulary, first);
  const odd = added.ids.find((id) => formOf(vocabulary, id) !== undefined && formOf(vocabulary, id) !== form);
  if (odd !== undefined && form !== undefined)
    refuse(contradiction, {
      message: `${inQuotes(first)} and ${inQuotes(odd)} are not of one kind.`,
      hint: 'Say one command for each.',
      at: spanOf(word),
    });
  refuseUnclear(state, word, { first, at: added.at });
};

const handsOut = (state: ParseState): boolean => isVerb(state, 'assign', 'reassign');

/** Whether a word may be an id by what it looks like and where it stands. */
const mayBeId = (state: ParseState, { quoted }: Word, form: string | undefined): boolean => {
  if (quoted || form !== undefined) return true;
  // `send hi to kiro-1`: without quotes nobody knows what is said and to whom.
  const talks = state.candidates.some(({ text, target }) => text !== undefined && target === 'required');
  return state.idMayFollow && !(talks && !state.noun);
};

/** Reads ids of which the command is told by its noun, by their form, or because they follow the verb. */
const readTarget = (state: ParseState, word: Word, form: string | undefined): Step | undefined => {
  const isLoose = form === undefined && !word.quoted;
  const named = isLoose && state.idMayFollow ? readNamed(state, word) : undefined;
  if (named) return named;
  if (!mayBeId(state, word, form)) return undefined;
  if (isLoose) refuseSlip(state, word);
  const row = readIds(state, state.at);
  const fits = firstChosen({ ...state, ids: row.ids });
  const isReceiver = form === 'instance' && !state.noun && handsOut(state);
  const isTaken = fits !== undefined && (fits.target !== 'none' || fits.parameters.includes('id'));
  if (!isReceiver && !isTaken) return undefined;
  refuseMixed(state, word, row);
  return { ...row, ...(isLoose ? { loose: word } : {}) };
};

/** `give kiro-2 task 3.1`: who gets it was said first. */
const readReceiver = (state: ParseState, form: string | undefined): Step | undefined => {
  const [receiver, ...others] = state.ids.slice(0, 2);
  if (!handsOut(state) || form !== 'task' || others.length > 0) return undefined;
  if (formOf(state.vocabulary, receiver!) !== 'instance') return undefined;
  const to = parameter(state, 'to', receiver!);
  return { ...readIds(state, state.at), parameters: [to] };
};

/** Reads what may follow an id: more of its kind, whom a task goes to (`assign 3.1 kiro-2`), a value (`set config x 5`). */
const readSecond = (state: ParseState, word: Word, form: string | undefined): Step | undefined => {
  const goesTo = form === 'instance' && takes(state, 'to');
  const isOfOneKind = form !== undefined && form === formOf(state.vocabulary, state.ids[0]!);
  if (isOfOneKind && !goesTo && !takes(state, 'value')) {
    const more = readIds(state, state.at);
    refuseMixed(state, word, more);
    return { at: more.at, moreIds: more.ids };
  }
  const given = readReceiver(state, form);
  if (given) return given;
  const key = goesTo ? 'to' : 'value';
  if (!takes(state, key) || state.parameters.has(key)) return undefined;
  const bare = word.text.replace(/[,:]$/u, '');
  return { at: state.at + 1, parameters: [parameter(state, key, goesTo ? checkId(state, bare) : bare)] };
};

/** Refuses an amount in the place of an id: `stop agents 3`, `stop three`. */
const refuseNumber = (state: ParseState, word: Word): void => {
  if (word.quoted) return;
  if (Object.hasOwn(NUMBERS, word.key)) refuseAmount(state, word.text, state.words[state.at + 1] ?? word);
  // Instances have no bare numbers for ids.
  const isCounted = state.noun?.plural === true && state.noun.noun === 'instance' && state.ids.length === 0;
  if (isCounted && /^\d+$/u.test(word.text)) refuseAmount(state, word.text, word);
};

/** Refuses a second text that cannot be an id, and says where it belongs: `create task "a" "how it is done"`. */
const refuseSecondText = (state: ParseState, word: Word): void => {
  if (!word.quoted || state.text === undefined || isId(word.text)) return;
  if (!takes(state, 'description') || state.parameters.has('description')) return;
  refuse(notTaken, {
    message: `${inQuotes(word.text)} is a second text, and one is wanted here.`,
    suggestion: lineWith(state.line, word, `description=${quote(word.text, true)}`),
    at: spanOf(word),
  });
};

/** Reads a word that is no keyword: it names an agent, it is an id, or it is refused. */
export const readBareWord = (state: ParseState, word: Word): Step => {
  const form = word.quoted ? undefined : formOf(state.vocabulary, word.text.split(/[,:]/u)[0]!);
  const agent = readAgent(state, word);
  if (agent) return agent;
  refuseNumber(state, word);
  refuseSecondText(state, word);
  const read = state.ids.length === 0 ? readTarget(state, word, form) : readSecond(state, word, form);
  return read ?? refuseWord(state, word);
};
