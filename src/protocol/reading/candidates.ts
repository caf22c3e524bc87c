import { agentOfId, formOf } from '../forms.ts';
import { DEFAULT_NOUN, LITERAL_VERBS, STANDS_FOR, STANDS_FOR_WITH } from '../lexicon.ts';
import type { Signature } from '../signature.ts';
import type { NounReading, Vocabulary } from '../vocabulary.ts';
import type { Head, ParseState } from './model.ts';

/** Verbs whose ids may be paths; what a path looks like says nothing of the noun. */
export const PATH_VERBS: ReadonlySet<string> = new Set(['import', 'export', 'lint', 'adopt']);

const signatureOf = (vocabulary: Vocabulary, verb: string, noun: string | undefined): Signature | undefined =>
  vocabulary.byCommand.get(`${verb} ${noun}`);

/** The signature for a noun, or for the one that it stands for where the verb does not know it. */
const standIn = (vocabulary: Vocabulary, verb: string, noun: string): Signature | undefined =>
  signatureOf(vocabulary, verb, noun) ??
  signatureOf(vocabulary, verb, STANDS_FOR_WITH[verb]?.[noun]) ??
  (LITERAL_VERBS.has(verb) ? undefined : signatureOf(vocabulary, verb, STANDS_FOR[noun]));

/** The signatures that a line with this head and noun may be meant for. */
export const candidatesFor = (
  vocabulary: Vocabulary,
  { readings }: Head,
  noun: NounReading | undefined,
): readonly Signature[] =>
  noun
    ? readings.flatMap(({ verb }) => {
        // `show events since=1h` lists them.
        const list = verb === 'show' && noun.plural ? signatureOf(vocabulary, 'list', noun.noun) : undefined;
        return [standIn(vocabulary, verb, noun.noun), list].filter((found) => found !== undefined);
      })
    : readings.flatMap(({ verb }) => vocabulary.byVerb.get(verb) ?? []);

/** Nouns whose ids have a form of their own; a branch or a lock may be called anything. */
const FORMED: ReadonlySet<string> = new Set(['instance', 'task']);

/** Whether an id is plainly that of another noun: a task may be called `login-1`, but hardly `kiro-1`. */
const isPlainlyOther = (vocabulary: Vocabulary, id: string | undefined, noun: string): boolean => {
  const form = id === undefined ? undefined : formOf(vocabulary, id);
  if (form === undefined || form === noun) return false;
  return form !== 'instance' || agentOfId(vocabulary, id!) !== undefined;
};

/** The one signature for a reading of the verb, by noun, else by the form of the id, else by what the verb is usually about. */
export const chosenFor = (state: ParseState, verb: string): Signature | undefined => {
  const { vocabulary, noun, head } = state;
  if (noun) return standIn(vocabulary, verb, noun.noun);
  const all = vocabulary.byVerb.get(verb) ?? [];
  const [id] = state.ids;
  const form = id === undefined || PATH_VERBS.has(verb) ? undefined : formOf(vocabulary, id);
  const formed = signatureOf(vocabulary, verb, form);
  if (formed) return formed;
  const [only] = all;
  if (only && all.length === 1 && !(FORMED.has(only.noun) && isPlainlyOther(vocabulary, id, only.noun))) return only;
  // An id that is plainly something else must not be taken for the usual noun.
  if (form !== undefined) return undefined;
  return signatureOf(vocabulary, verb, head.fallback) ?? signatureOf(vocabulary, verb, DEFAULT_NOUN[verb]);
};

/** The signature for the first reading of the verb that has one. */
export const firstChosen = (state: ParseState): Signature | undefined => {
  for (const { verb } of state.head.readings) {
    const found = chosenFor(state, verb);
    if (found) return found;
  }
  return undefined;
};

/** Whether one of these verbs is meant. */
export const isVerb = ({ head }: ParseState, ...verbs: readonly string[]): boolean =>
  head.readings.some(({ verb }) => verbs.includes(verb));

/** `stop everything except kiro-3` is about the parts of the whole. */
const leavesOut = ({ head, noun, vocabulary }: ParseState): boolean =>
  noun?.noun === 'swarm' &&
  head.readings.some(
    ({ verb }) =>
      !LITERAL_VERBS.has(verb) &&
      vocabulary.byCommand.get(`${verb} ${STANDS_FOR['swarm']}`)?.parameters.includes('except'),
  );

/** Whether the command may take a parameter, ids and texts included. */
export const takes = (state: ParseState, parameter: string): boolean =>
  state.candidates.some(
    ({ parameters, text, target }) =>
      parameters.includes(parameter) || text === parameter || (parameter === 'id' && target !== 'none'),
  ) ||
  (parameter === 'except' && leavesOut(state));

/** Whether the command may take a modifier. */
export const takesModifier = ({ candidates }: ParseState, modifier: string): boolean =>
  candidates.some(({ modifiers }) => modifiers.includes(modifier));

/** Whether the command may take a text. */
export const takesText = ({ candidates }: ParseState): boolean => candidates.some(({ text }) => text !== undefined);

/** Whether the command is told what it is about by a quantifier or a state. */
export const isFiltered = ({ parameters, states }: ParseState): boolean => parameters.has('scope') || states.size > 0;
