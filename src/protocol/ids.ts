import {
  candidatesOf,
  checkedId,
  chosenFor,
  type Draft,
  formOf,
  refuseWord,
  setParameter,
  spanOf,
  takes,
} from './draft.ts';
import { named, refuse, severalCommands } from './errors.ts';
import { AGENTS } from './lexicon.ts';
import { isKeyword } from './vocabulary.ts';
import type { Word } from './words.ts';

/** The refusal of a verb in the middle of a line. */
export const refuseVerb = (draft: Draft, word: Word): never => {
  const before = draft.line
    .slice(0, word.start)
    .trim()
    .replace(/(?:,|\s+and|\s+&)+$/u, '');
  return refuse(severalCommands, {
    message: `${named(word.text)} begins a second command.`,
    hint: `Only one command at a time. Did you mean: ${before}? A word that is an id goes in quotes.`,
    at: spanOf(word),
  });
};

/** Reads `a`, `a, b` and `a, b and c` from the draft's place on. */
export const readIds = (draft: Draft): string[] => {
  const ids: string[] = [];
  for (;;) {
    const word = draft.words[draft.at];
    if (!word || (ids.length > 0 && !word.quoted && isKeyword(draft.vocabulary, word.key))) break;
    const parts = word.quoted ? [word.text] : word.text.replace(/:$/u, '').split(',');
    ids.push(...parts.filter((part) => part !== '').map((part) => checkedId(draft, part)));
    draft.at += 1;
    let more = !word.quoted && word.text.endsWith(',');
    while (
      draft.words[draft.at] &&
      !draft.words[draft.at]!.quoted &&
      [',', 'and', '&'].includes(draft.words[draft.at]!.text.toLowerCase())
    ) {
      draft.at += 1;
      more = true;
    }
    if (!more) break;
    const next = draft.words[draft.at];
    if (!next) break;
    if (!next.quoted && draft.vocabulary.verbs.has(next.key)) refuseVerb(draft, next);
    if (!next.quoted && isKeyword(draft.vocabulary, next.key)) refuseWord(draft, next);
  }
  return ids;
};

/** `launch 2 claude agents`, `launch claude`. */
const readAgent = (draft: Draft, word: Word): boolean => {
  if (!AGENTS.has(word.key) || draft.parameters.has('agent') || draft.ids.length > 0 || !takes(draft, 'agent'))
    return false;
  const adjective = draft.vocabulary.nouns.get(draft.words[draft.at + 1]?.key ?? '')?.noun === 'instance';
  if (!adjective && !candidatesOf(draft).every(({ target }) => target === 'none')) return false;
  setParameter(draft, 'agent', word.key);
  draft.at += 1;
  return true;
};

/** Ids of which the command is told by its noun, by their form, or because they follow the verb. */
const readTarget = (draft: Draft, word: Word, form: string | undefined): boolean => {
  const talks = candidatesOf(draft).some(({ text, target }) => text !== undefined && target === 'required');
  // `send hi to kiro-1`: without quotes nobody knows what is said and to whom.
  if (talks && !draft.noun && form === undefined && !word.quoted) return false;
  if (form === undefined && !draft.idMayFollow && !word.quoted) return false;
  const { at } = draft;
  draft.ids = readIds(draft);
  const fits = draft.head.readings.map(({ verb }) => chosenFor(draft, verb)).find((found) => found !== undefined);
  if (fits && (fits.target !== 'none' || fits.parameters.includes('id'))) return true;
  draft.at = at;
  draft.ids = [];
  return false;
};

/** What may follow an id: more of its kind, whom a task goes to (`assign 3.1 kiro-2`), a value (`set config x 5`). */
const readSecond = (draft: Draft, word: Word, form: string | undefined): boolean => {
  const bare = word.text.replace(/[,:]$/u, '');
  const goesTo = form === 'instance' && takes(draft, 'to');
  if (form !== undefined && form === formOf(draft.ids[0]!) && !goesTo && !takes(draft, 'value')) {
    draft.ids.push(...readIds(draft));
    return true;
  }
  const key = goesTo ? 'to' : 'value';
  if (!takes(draft, key) || draft.parameters.has(key)) return false;
  setParameter(draft, key, goesTo ? checkedId(draft, bare) : bare);
  draft.at += 1;
  return true;
};

/** Reads a word that is no keyword: it is an id, or it is refused. */
export const readBareId = (draft: Draft, word: Word): void => {
  const form = word.quoted ? undefined : formOf(word.text.split(/[,:]/u)[0]!);
  if (readAgent(draft, word)) return;
  const read = draft.ids.length === 0 ? readTarget(draft, word, form) : readSecond(draft, word, form);
  if (!read) refuseWord(draft, word);
};
