import type { AppError } from '../lib/errors.ts';
import type { Meaning } from './action.ts';
import {
  emptyLine,
  inQuotes,
  isRefused,
  lineWith,
  missing,
  ofShell,
  type Refused,
  refuse,
  type Span,
  spanOf,
  unknownWord,
} from './errors.ts';
import { formOf } from './forms.ts';
import { lex, lexArgv, type Token } from './lex.ts';
import { nearestVerb } from './near.ts';
import { readArguments } from './reading/arguments.ts';
import { finish, type Understood } from './reading/finish.ts';
import { headOf } from './reading/head.ts';
import type { Word } from './reading/model.ts';
import { prepare } from './reading/prepare.ts';
import { begin } from './reading/steps.ts';
import type { Signature } from './signature.ts';
import { type Language, type Vocabulary, vocabularyIn } from './vocabulary.ts';

/** What a line means, or why it is refused and what may have been meant. */
export type ParseResult =
  | { readonly ok: true; readonly meaning: Meaning; readonly tokens: readonly Token[]; readonly signature: Signature }
  | {
      readonly ok: false;
      readonly error: AppError;
      /** A whole command that may have been meant: it is understood, and asks for no more than the words did. */
      readonly suggestion?: string;
      /** The line with its slips mended, where something is still missing in it: `stop` for `sotp`. */
      readonly near?: string;
      /** What would go on with the line, when that is only not finished. */
      readonly expects?: readonly string[];
      /** Where the bad word lies. */
      readonly at?: Span;
    };

/** What may have been meant by a line of which a word stands where the verb should. */
const lineInstead = (line: string, words: readonly Word[], word: Word, vocabulary: Vocabulary): string | undefined => {
  const second = words[1];
  // `gracefully stop kiro-3`: the verb comes first.
  if (!word.quoted && vocabulary.modifiers.has(word.key) && vocabulary.verbs.has(second?.key ?? ''))
    return `${line.slice(word.end).trim()} ${word.text}`;
  // `failed tasks` asks for a list.
  if (second && (vocabulary.states.has(word.key) || vocabulary.quantifiers.has(word.key))) return `list ${line}`;
  if (word.quoted) return undefined;
  // `tasks graph`, `graph`: only one command is about that.
  const about = vocabulary.signatures.filter(({ noun }) => noun === word.key);
  if (about.length === 1 && about[0]!.target !== 'required')
    return `${about[0]!.verb} ${word.text}${line.slice(word.end)}`;
  if (second && vocabulary.verbs.has(second.key) && formOf(vocabulary, word.text) !== undefined)
    return `${second.text} ${word.text}${line.slice(second.end)}`;
  const near = nearestVerb(vocabulary, word.text, word === words[0]);
  return near === undefined ? undefined : lineWith(line, word, near);
};

/** What a line says that is said in a shell alone: `doctor`, `events follow`. */
const saidInShell = (words: readonly Word[], { shell, nouns }: Vocabulary): string | undefined => {
  const [first, second] = words.map(({ key }) => key);
  const both = `${first} ${second}`;
  if (shell.has(both)) return both;
  // A noun has commands of its own here: `timeline` is shown by "show timeline".
  return first !== undefined && shell.has(first) && !nouns.has(first) ? first : undefined;
};

/** Words of the screen that are no verbs, and what is said for them. */
const SAID_FOR: ReadonlyMap<string, string> = new Map([
  [
    'deliver',
    'A branch of yours is brought forward to what is merged by, for example: merge completed branches to=main',
  ],
]);

/** The refusal of a line without a verb. */
const refuseVerb = (line: string, words: readonly Word[], vocabulary: Vocabulary): never => {
  const [first, second] = words;
  const name = saidInShell(words, vocabulary);
  if (name !== undefined)
    return refuse(ofShell, {
      message: `${inQuotes(name)} is a command of the shell, "drover ${name}".`,
      hint: 'Say it in a shell; the command line of the screen and "drover do" are for what the swarm is told.',
      at: spanOf(first!),
    });
  // `git commit`, `tasks rnu 3.1`: the noun is known, the verb after it is not.
  const word = second && vocabulary.nouns.has(first!.key) ? second : first!;
  const message = `Unknown verb ${inQuotes(word.text)}.`;
  const said = word.quoted ? undefined : SAID_FOR.get(word.key);
  if (said !== undefined) return refuse(unknownWord, { message, hint: said, at: spanOf(word) });
  const suggestion = lineInstead(line, words, word, vocabulary);
  if (suggestion !== undefined) return refuse(unknownWord, { message, suggestion, at: spanOf(word) });
  const form = word.quoted ? undefined : formOf(vocabulary, word.text);
  const hint =
    form === undefined
      ? 'A command begins with a verb. See: help'
      : `Say what to do with it, for example: show ${form} ${word.text}`;
  return refuse(unknownWord, { message, hint, at: spanOf(word) });
};

const understand = (line: string, tokens: readonly Token[], vocabulary: Vocabulary): Understood => {
  const { words, address } = prepare(line, tokens, vocabulary);
  if (words.length === 0)
    return refuse(emptyLine, {
      message: 'There is no command.',
      hint: 'Say what to do, for example: status',
      expects: ['a verb'],
    });
  const head = headOf(words, vocabulary) ?? refuseVerb(line, words, vocabulary);
  const begun = begin(vocabulary, line, words, head);
  // Only a verb that exists can take words; without one the refusal names the verb.
  return finish(begun.candidates.length > 0 ? readArguments(begun) : begun, address);
};

type Attempt = { readonly understood: Understood } | Refused;

const attempt = (make: () => Understood): Attempt => {
  try {
    return { understood: make() };
  } catch (thrown) {
    if (isRefused(thrown)) return thrown;
    throw thrown;
  }
};

const MOST_CORRECTIONS = 3;

type Correction = { readonly line: string; readonly tried: Attempt };

/** Follows suggestions until one is a whole command that is understood, so that several slips are mended at once. */
const correct = (first: string, vocabulary: Vocabulary): Correction => {
  let line = first;
  for (let count = 0; ; count += 1) {
    const tried = attempt(() => understand(line, lex(line), vocabulary));
    if ('understood' in tried || tried.refusal.suggestion === undefined || count === MOST_CORRECTIONS)
      return { line, tried };
    line = tried.refusal.suggestion;
  }
};

/** The refusal as it is answered: what it suggests is a command that is understood, or is only said to be nearer. */
const refusedResult = ({ kind, refusal }: Refused, vocabulary: Vocabulary): ParseResult => {
  const { suggestion, ...rest } = refusal;
  const first = suggestion?.replaceAll(/[\t\n]+/gu, ' ');
  const places = { ...(rest.expects ? { expects: rest.expects } : {}), ...(rest.at ? { at: rest.at } : {}) };
  if (first === undefined) return { ok: false, error: kind(rest), ...places };
  const { line, tried } = correct(first, vocabulary);
  if ('understood' in tried)
    return { ok: false, error: kind({ ...rest, suggestion: line }), suggestion: line, ...places };
  // Only a line that wants nothing but its rest is worth showing.
  if (tried.kind !== missing) return { ok: false, error: kind(rest), ...places };
  const hint = [rest.hint, `Did you mean ${inQuotes(line)}?`, tried.refusal.hint].filter(Boolean).join(' ');
  return { ok: false, error: kind({ ...rest, hint }), near: line, ...places };
};

const resultOf = (tried: Attempt, tokens: readonly Token[], vocabulary: Vocabulary): ParseResult =>
  'understood' in tried ? { ok: true, ...tried.understood, tokens } : refusedResult(tried, vocabulary);

/** Reads one command. What is not wholly understood is refused; nothing is thrown. */
export const parse = (text: string, language: Language): ParseResult => {
  const vocabulary = vocabularyIn(language);
  let tokens: readonly Token[] = [];
  const line = text.trim();
  const tried = attempt(() => {
    tokens = lex(line);
    return understand(line, tokens, vocabulary);
  });
  return resultOf(tried, tokens, vocabulary);
};

/** Reads a command that a shell has split: `instances stop kiro-1 --force`. One argument with blanks is a whole line. */
export const parseArgv = (argv: readonly string[], language: Language): ParseResult => {
  const [only] = argv;
  if (argv.length === 1 && only !== undefined && /\s/u.test(only)) return parse(only, language);
  const vocabulary = vocabularyIn(language);
  let tokens: readonly Token[] = [];
  const tried = attempt(() => {
    const split = lexArgv(argv, new Set(language.signatures.flatMap(({ parameters }) => parameters)));
    tokens = split.tokens;
    return understand(split.line, tokens, vocabulary);
  });
  return resultOf(tried, tokens, vocabulary);
};
