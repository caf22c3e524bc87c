/** The words of a command as a shell makes them, null where only that knows, and those behind the first as they stand. */
export type CommandWords = { readonly words: readonly (string | null)[]; readonly text: string };

type Mentioned = { readonly text: string; readonly isOpen: false };

/** Programs for which their words are text, files or patterns, whatever these say. */
const OF_TEXT = new Set(
  'echo printf true false : test [ cd pwd ls cat head tail wc grep egrep fgrep sleep date'.split(' '),
);
/** The commands of git for which the same holds. */
const OF_TEXT_IN_GIT = new Set('add branch commit diff log pull push show status tag'.split(' '));
/** Options by which git would run what stands in its words. */
const RUNNING_IN_GIT = /^-c|^--(?:conf|exec|ext|text|upl|rec|ex)/u;

/** How many words a command may have that stands in another. */
const LONGEST_TAIL = 40;

const isOfText = ({ words: [name, ...args] }: CommandWords): boolean => {
  if (name !== 'git') return OF_TEXT.has(name ?? '');
  return OF_TEXT_IN_GIT.has(args[0] ?? '') && !args.some((word) => RUNNING_IN_GIT.test(word ?? ''));
};

/** What a text says in words, without the quotes, brackets and commas that code of any language has between them. */
const tokensOf = (text: string): readonly string[] => text.match(/[\w./@:+*-]+/gu) ?? [];

const withoutPath = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/** The commands that begin at any of the words whose name a rule could mean, with and without options before the rest. */
const tails = (tokens: readonly string[], names: ReadonlySet<string>): readonly Mentioned[] =>
  tokens.flatMap((token, at) => {
    const name = [token, withoutPath(token)].find((one) => names.has(one.toLowerCase()));
    if (name === undefined) return [];
    const rest = tokens.slice(at + 1, at + LONGEST_TAIL);
    const starts = rest[0]?.startsWith('-') ? rest.map((_, from) => rest.slice(from)) : [rest];
    return starts.map((args) => ({ text: [name, ...args].join(' '), isOpen: false as const }));
  });

/**
 * What a line says somewhere in its words or in its code, for a program that may run it: nobody knows all that do. Of
 * interest are commands with these names alone.
 */
export const mentionedCommands = (
  all: readonly CommandWords[],
  texts: readonly string[],
  names: ReadonlySet<string>,
): readonly Mentioned[] => {
  if (all.every(isOfText)) return [];
  const said = [
    ...all.map(({ words }) =>
      words
        .slice(1)
        .map((word) => word ?? '')
        .join(' '),
    ),
    ...texts,
  ];
  const raw = all.map(({ text }) => text);
  // Text may stand right behind the letter of an option.
  const sticky = said.map((text) => text.replaceAll(/(?<=^|\s)-\w/gu, ''));
  return [...new Set([...said, ...raw, ...sticky])].flatMap((text) => tails(tokensOf(text), names));
};
