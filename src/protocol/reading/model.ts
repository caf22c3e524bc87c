import type { Value } from '../action.ts';
import type { Token } from '../lex.ts';
import type { VerbReading } from '../lexicon.ts';
import type { Signature } from '../signature.ts';
import type { NounReading, Vocabulary } from '../vocabulary.ts';

/** A token as the grammar looks at it. `key` is what keywords are compared by; it is empty for quoted text. */
export type Word = Token & { readonly key: string };

/** What a line is about, before its arguments: `at` is the first word that is not read yet. */
export type Head = {
  readonly readings: readonly VerbReading[];
  readonly noun?: NounReading | undefined;
  /** Used when nothing else says the noun: `git` in `git push`. */
  readonly fallback?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly at: number;
  /** A word that was understood as part of the question: `doing`. */
  readonly ignored?: number;
};

/** A parameter with its value. */
export type Parameter = readonly [key: string, value: Value];

/** A command as far as its words were read. Readers look at it and return steps; `advance` alone makes the next one. */
export type ParseState = {
  readonly vocabulary: Vocabulary;
  readonly line: string;
  readonly words: readonly Word[];
  readonly head: Head;
  /** The keys of all parameters in the line, and the place of its last quoted word. */
  readonly keys: ReadonlySet<string>;
  readonly lastQuoted: number;
  /** The first word that is not read yet. */
  readonly at: number;
  readonly noun: NounReading | undefined;
  /** The signatures that the line may still be meant for; they change only with its noun. */
  readonly candidates: readonly Signature[];
  readonly ids: readonly string[];
  /** Whether an id without a telling form may come now: right after the verb or the noun. */
  readonly idMayFollow: boolean;
  /** A word that was taken for an id by its place alone; it may be a slip. */
  readonly loose: Word | undefined;
  /** `any`, where it was said: of one thing, or of all of a kind. */
  readonly any: Word | undefined;
  readonly text: string | undefined;
  readonly modifiers: ReadonlySet<string>;
  readonly states: ReadonlySet<string>;
  readonly parameters: ReadonlyMap<string, Value>;
};

/** What a piece of a line adds to the command. */
export type Finding = {
  readonly noun?: NounReading;
  /** All ids of the command, in place of those before. */
  readonly ids?: readonly string[];
  /** Ids that come behind those before. */
  readonly moreIds?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly modifiers?: readonly string[];
  readonly states?: readonly string[];
  readonly text?: string;
  readonly idMayFollow?: boolean;
  readonly loose?: Word;
  readonly any?: Word;
};

/** What a reader made of the words at its place, and the first word that it left. */
export type Step = Finding & { readonly at: number };

/** Ids in a row, and the first word behind them. */
export type IdRow = { readonly ids: readonly string[]; readonly at: number };
