import { shortened } from '../lib/text.ts';
import { badId, contradiction, missing, named, notTaken, refuse, severalCommands } from './errors.ts';
import { RANGE } from './forms.ts';
import { UNCLEAR_NUMBER } from './lexicon.ts';
import { isNearKeyword, isNearVerb, nearestAgent } from './near.ts';
import { isTextKeyed } from './options.ts';
import {
  candidatesOf,
  checkedId,
  chosenFor,
  formOf,
  type ParseState,
  setParameter,
  spanOf,
  takes,
  takesModifier,
} from './parse-state.ts';
import { NUMBERS } from './phrases.ts';
import { refuseAgent, refuseAmount, refuseWord } from './unknown.ts';
import { agentNamed, isKeyword } from './vocabulary.ts';
import { isUrgent, skipFillers, type Word } from './words.ts';

/** The line up to a word, without what joined them. */
const lineBefore = (draft: ParseState, word: Word): string => {
  const before = draft.words.filter(({ start }) => start < word.start);
  while (before.length > 1 && !before.at(-1)!.quoted && ENDING.has(before.at(-1)!.text.toLowerCase())) before.pop();
  const line = draft.line.slice(0, before.at(-1)?.end ?? 0);
  return shortened(line.endsWith(',') ? line.slice(0, -1) : line, 200);
};

/** The refusal of a verb in the middle of a line. */
export const refuseVerb = (draft: ParseState, word: Word): never =>
  refuse(severalCommands, {
    message: `${named(word.text)} begins a second command.`,
    hint: 'Only one command at a time; a word that is an id goes in quotes.',
    suggestion: lineBefore(draft, word),
    at: spanOf(word),
  });

const ENDING: ReadonlySet<string> = new Set(['and', '&', 'then', 'but', ',']);

/** Nouns whose ids have a form: any other word after them is more likely a slip. */
const FORMED: ReadonlySet<string> = new Set(['instance', 'integration', 'worker', 'failure', 'swarm']);

const isSeparator = (word: Word | undefined): boolean =>
  word !== undefined && !word.quoted && [',', 'and', '&'].includes(word.text.toLowerCase());

const checkedBare = (draft: ParseState, id: string): string => {
  if (RANGE.test(id))
    refuse(badId, {
      message: `${named(id)} looks like a range, and which ids lie in it is not known.`,
      hint: 'Name each id: 3.1, 3.2 and 3.3. An id that is really called so goes in quotes.',
    });
  return checkedId(draft, id);
};

/** The quoted end of a line, where a command wants a text: `tell kiro-3, "use it"`. */
const isText = (draft: ParseState, at: number): boolean =>
  draft.words[at]!.quoted &&
  draft.text === undefined &&
  at === draft.lastQuoted &&
  !isTextKeyed(draft) &&
  candidatesOf(draft).some(({ text }) => text !== undefined);

const hasOwnForm = (draft: ParseState, id = ''): boolean => FORMED.has(formOf(draft.vocabulary, id) ?? '');

/** What comes after `a,` or `a and`: the place of the next id, or undefined when the list is over. */
const nextId = (draft: ParseState, ids: readonly string[]): number | undefined => {
  const { words, vocabulary } = draft;
  const at = skipFillers(words, draft.at);
  const next = words[at];
  if (!next || isText(draft, at)) return undefined;
  if (next.quoted) return at;
  const modifier = vocabulary.modifiers.get(next.key);
  if ((modifier !== undefined && takesModifier(draft, modifier)) || isUrgent(next)) return undefined;
  const noun = vocabulary.nouns.get(next.key)?.noun;
  if (noun !== undefined && noun === (draft.noun?.noun ?? formOf(draft.vocabulary, ids[0] ?? '')) && words[at + 1])
    return skipFillers(words, at + 1);
  if (vocabulary.verbs.has(next.key)) refuseVerb(draft, next);
  // `stop kiro-3, nto kiro-4`, `merge feature/x and stp kiro-3`: a slip must not become one of the ids.
  const odd =
    formOf(draft.vocabulary, next.text.split(',')[0]!) === undefined &&
    (hasOwnForm(draft, ids[0]) || isNearVerb(vocabulary, next.key));
  if (isKeyword(vocabulary, next.key) || odd) refuseWord(draft, next);
  return at;
};

const refuseEnd = (joint: Word): never =>
  refuse(missing, {
    message: `Something is missing after ${named(joint.text)}.`,
    hint: 'Say the next id, or leave it out.',
    expects: ['an id'],
    at: spanOf(joint),
  });

/** Reads `a`, `a, b` and `a, b and c` from the draft's place on. */
export const readIds = (draft: ParseState): string[] => {
  const ids: string[] = [];
  for (;;) {
    const word = draft.words[draft.at];
    if (!word || (ids.length > 0 && !word.quoted && isKeyword(draft.vocabulary, word.key))) break;
    const parts = word.quoted ? [word.text] : word.text.replace(/:$/u, '').split(',');
    for (const part of parts)
      if (part !== '' || word.quoted) ids.push(word.quoted ? checkedId(draft, part) : checkedBare(draft, part));
    draft.at += 1;
    let more = !word.quoted && word.text.endsWith(',');
    for (; isSeparator(draft.words[draft.at]); draft.at += 1) more = true;
    if (!more) break;
    const joint = draft.words[draft.at - 1]!;
    if (!draft.words[draft.at] && isSeparator(joint) && joint.text !== ',') refuseEnd(joint);
    const next = nextId(draft, ids);
    if (next === undefined) break;
    draft.at = next;
  }
  return ids;
};

/** Reads ids without commas between them as well: `kiro-3 kiro-4`, of one form. */
export const readIdRow = (draft: ParseState): string[] => {
  const ids = readIds(draft);
  const form = formOf(draft.vocabulary, ids[0] ?? '');
  for (;;) {
    const next = draft.words[draft.at];
    if (form === undefined || !next || next.quoted || formOf(draft.vocabulary, next.text.split(',')[0]!) !== form)
      return ids;
    for (const id of readIds(draft)) ids.push(id);
  }
};

/** `launch 2 claude agents`, `launch claude`. */
const readAgent = (draft: ParseState, word: Word): boolean => {
  if (draft.parameters.has('agent') || draft.ids.length > 0 || !takes(draft, 'agent')) return false;
  const agent = agentNamed(draft.vocabulary, word);
  const adjective = draft.vocabulary.nouns.get(draft.words[draft.at + 1]?.key ?? '')?.noun === 'instance';
  const all = candidatesOf(draft);
  const meant = adjective ? all.filter(({ noun }) => noun === 'instance') : all;
  const aimless = meant.length > 0 && meant.every(({ target }) => target === 'none');
  const isSlip = agent === undefined && (adjective || nearestAgent(draft.vocabulary, word.text) !== undefined);
  if (aimless && isSlip) refuseAgent(draft, word);
  if (agent === undefined || (!adjective && !aimless)) return false;
  setParameter(draft, 'agent', agent);
  draft.at += 1;
  return true;
};

/** Refuses a mistyped keyword in the place of an id: `stop instance gracefull`, `restart atl`. */
const refuseSlip = (draft: ParseState, word: Word): void => {
  if (draft.noun && !FORMED.has(draft.noun.noun)) return;
  const nouns = candidatesOf(draft).map(({ noun }) => noun);
  if (
    !isKeyword(draft.vocabulary, word.key) &&
    nouns.some((noun) => FORMED.has(noun) || noun === 'task' || noun === 'branch')
  )
    if (isNearKeyword(word.key)) refuseWord(draft, word);
};

/** `stop the backend group`: the noun after a name says what it names. */
const readNamed = (draft: ParseState, word: Word): boolean => {
  const noun = draft.vocabulary.nouns.get(draft.words[draft.at + 1]?.key ?? '');
  if (draft.noun || !noun || noun.plural || FORMED.has(noun.noun)) return false;
  const known = draft.head.readings.some(({ verb }) => draft.vocabulary.byCommand.has(`${verb} ${noun.noun}`));
  if (!known || word.text.endsWith(',')) return false;
  if (isNearKeyword(word.key)) refuseWord(draft, word);
  draft.noun = noun;
  draft.ids = [checkedBare(draft, word.text)];
  draft.at += 2;
  draft.idMayFollow = false;
  return true;
};

/** Refuses ids that cannot belong to one command: `stop kiro-1 and 3.1`, `kill 3`. */
const refuseMixed = (draft: ParseState, word: Word, added: readonly string[]): void => {
  if (draft.noun) return;
  const [first = ''] = draft.ids;
  const odd = added.find(
    (id) =>
      formOf(draft.vocabulary, id) !== undefined && formOf(draft.vocabulary, id) !== formOf(draft.vocabulary, first),
  );
  if (odd !== undefined && formOf(draft.vocabulary, first) !== undefined)
    refuse(contradiction, {
      message: `${named(first)} and ${named(odd)} are not of one kind.`,
      hint: 'Say one command for each.',
      at: spanOf(word),
    });
  const verb = draft.head.readings.find((reading) => UNCLEAR_NUMBER.has(reading.verb))?.verb;
  const next = draft.vocabulary.nouns.get(draft.words[draft.at]?.key ?? '');
  if (verb !== undefined && !next && /^\d+$/u.test(first) && !word.quoted)
    refuse(notTaken, {
      message: `It is not clear whether ${named(first)} is a task or an amount.`,
      hint: `Say the noun: ${verb} task ${first}. Which instances are meant is said by their ids.`,
      suggestion:
        !draft.words[draft.at] && draft.vocabulary.byCommand.has(`${verb} task`) ? `${verb} task ${first}` : undefined,
      at: spanOf(word),
    });
};

const HANDS_OUT: ReadonlySet<string> = new Set(['assign', 'reassign']);
const hands = (draft: ParseState): boolean => draft.head.readings.some(({ verb }) => HANDS_OUT.has(verb));

/** Ids of which the command is told by its noun, by their form, or because they follow the verb. */
const readTarget = (draft: ParseState, word: Word, form: string | undefined): boolean => {
  const talks = candidatesOf(draft).some(({ text, target }) => text !== undefined && target === 'required');
  if (!word.quoted && form === undefined && draft.idMayFollow && readNamed(draft, word)) return true;
  // `send hi to kiro-1`: without quotes nobody knows what is said and to whom.
  if (talks && !draft.noun && form === undefined && !word.quoted) return false;
  if (form === undefined && !draft.idMayFollow && !word.quoted) return false;
  if (form === undefined && !word.quoted) refuseSlip(draft, word);
  const { at } = draft;
  draft.ids = readIds(draft);
  const fits = draft.head.readings.map(({ verb }) => chosenFor(draft, verb)).find((found) => found !== undefined);
  const receives = form === 'instance' && !draft.noun && hands(draft);
  if (receives || (fits && (fits.target !== 'none' || fits.parameters.includes('id')))) {
    refuseMixed(draft, word, draft.ids);
    if (form === undefined && !word.quoted) draft.loose = word;
    return true;
  }
  draft.at = at;
  draft.ids = [];
  return false;
};

/** `give kiro-2 task 3.1`: who gets it was said first. */
const readReceiver = (draft: ParseState, form: string | undefined): boolean => {
  const [receiver, ...others] = draft.ids;
  if (!hands(draft) || form !== 'task' || formOf(draft.vocabulary, receiver!) !== 'instance' || others.length > 0)
    return false;
  setParameter(draft, 'to', receiver!);
  draft.ids = readIds(draft);
  return true;
};

/** What may follow an id: more of its kind, whom a task goes to (`assign 3.1 kiro-2`), a value (`set config x 5`). */
const readSecond = (draft: ParseState, word: Word, form: string | undefined): boolean => {
  const bare = word.text.replace(/[,:]$/u, '');
  const goesTo = form === 'instance' && takes(draft, 'to');
  if (form !== undefined && form === formOf(draft.vocabulary, draft.ids[0]!) && !goesTo && !takes(draft, 'value')) {
    const more = readIds(draft);
    for (const id of more) draft.ids.push(id);
    refuseMixed(draft, word, more);
    return true;
  }
  if (readReceiver(draft, form)) return true;
  const key = goesTo ? 'to' : 'value';
  if (!takes(draft, key) || draft.parameters.has(key)) return false;
  setParameter(draft, key, goesTo ? checkedId(draft, bare) : bare);
  draft.at += 1;
  return true;
};

/** Reads a word that is no keyword: it is an id, or it is refused. */
export const readBareId = (draft: ParseState, word: Word): void => {
  const form = word.quoted ? undefined : formOf(draft.vocabulary, word.text.split(/[,:]/u)[0]!);
  if (readAgent(draft, word)) return;
  if (!word.quoted && Object.hasOwn(NUMBERS, word.key))
    refuseAmount(draft, word.text, draft.words[draft.at + 1] ?? word);
  // `stop agents 3`: instances have no bare numbers for ids.
  const counted = draft.noun?.plural && draft.noun.noun === 'instance' && draft.ids.length === 0;
  if (counted && !word.quoted && /^\d+$/u.test(word.text)) refuseAmount(draft, word.text, word);
  const read = draft.ids.length === 0 ? readTarget(draft, word, form) : readSecond(draft, word, form);
  if (!read) refuseWord(draft, word);
};
