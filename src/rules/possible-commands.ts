import { type Command, forEachChild, parse, type SyntaxNode } from 'unbash';
import { isGitRedefined } from './git-words.ts';
import { isInterpreter, isRunner } from './handing-on.ts';
import { type CommandWords, mentionedCommands } from './mentioned-commands.ts';

/** What a command may turn out to be: how it certainly begins, and whether more may follow that nobody knows. */
export type PossibleCommand = { readonly text: string; readonly isOpen: boolean };

/** What may run in a line; `isWhole` is whether it was read to its end. */
type PossibleCommands = { readonly commands: readonly PossibleCommand[]; readonly isWhole: boolean };

/** A word as a shell makes it; null where only the shell knows. */
type Word = string | null;

/** Longer lines, and words behind so many, are for a person to read. */
const LONGEST = 20_000;
const MOST_WORDS = 200;

/** How deep lines within the words of lines are read. */
const DEEPEST = 4;

const KNOWN_PARTS = ['Word', 'Literal', 'SingleQuoted', 'DoubleQuoted', 'AnsiCQuoted', 'LocaleString'];

const isKnown = (node: SyntaxNode): boolean => {
  let known = KNOWN_PARTS.includes(node.type);
  forEachChild(node, (child) => {
    known &&= isKnown(child);
  });
  return known;
};

const wordsOf = ({ name, args }: Command): readonly Word[] =>
  [...(name ? [name] : []), ...args].map((one) => {
    const word = one.type === 'Assignment' ? one.value : one;
    return word.type === 'Word' && isKnown(word) ? word.value : null;
  });

const nameOf = (word: Word | undefined): string => (word ?? '').replace(/^.*\//su, '');

/** The command until its first word that is not known. */
const beginning = (words: readonly Word[]): PossibleCommand => {
  // Programs put the names of files in the place of the brackets.
  const end = words.findIndex((word, at) => word === null || (word === '{}' && at > 0));
  return { text: (end < 0 ? words : words.slice(0, end)).join(' '), isOpen: end >= 0 };
};

/** The same in other words: a program by its path, behind options of its own, and what a runner runs. */
const variants = (words: readonly Word[]): readonly (readonly Word[])[] => {
  const name = nameOf(words[0]);
  const args = words.slice(1);
  const tails = args.slice(0, MOST_WORDS).map((_, at) => args.slice(at, at + MOST_WORDS));
  const ahead = args.findIndex((word) => !word?.startsWith('-'));
  const behindOptions = ahead === 0 ? [] : tails.map((tail) => [name, ...tail]);
  return [words, ...(words[0] ? [[name, ...args]] : []), ...behindOptions, ...(isRunner(name) ? tails : [])];
};

/** Whether more words may be read from somewhere else and put behind these. */
const takesMore = (words: readonly Word[]): boolean => words.some((word) => /^(?:xargs|parallel)$/u.test(nameOf(word)));

const textsIn = (node: SyntaxNode): readonly Word[] => {
  if (node.type === 'Command') return wordsOf(node);
  if (node.type === 'HereString') return [node.target?.value ?? null];
  return node.type === 'HereDocBody' ? [node.text] : [];
};

/** The code that is handed to an interpreter, which nobody knows where it stands in a variable. */
const isUnknownCode = (words: readonly Word[]): boolean =>
  isInterpreter(nameOf(words[0])) && words.some((word, at) => word === null && /^-\w*[ce]/u.test(words[at - 1] ?? ''));

/** All nodes of a line, and whether it was read without a fault. */
const nodesOf = (line: string): { nodes: readonly SyntaxNode[]; isWhole: boolean } => {
  const nodes: SyntaxNode[] = [];
  const visit = (node: SyntaxNode): void => {
    nodes.push(node);
    forEachChild(node, visit);
  };
  visit(parse(line));
  return { nodes, isWhole: nodes.every((node) => !('errors' in node) || (node.errors ?? []).length === 0) };
};

/** All commands that may run in a line, wherever in it they stand and however little of it is understood. */
export const possibleCommands = (line: string, depth = 0): PossibleCommands => {
  const { nodes, isWhole: isRead } = nodesOf(line.slice(0, LONGEST));
  const all = nodes.filter((node) => node.type === 'Command').map(wordsOf);
  const commands = all.flatMap((words) => [
    ...variants(words).map((one) => beginning(takesMore(words) ? [...one, null] : one)),
    ...(isUnknownCode(words) ? [{ text: '', isOpen: true }] : []),
  ]);
  const isPlain = all.every((words) => words.length <= MOST_WORDS && !isGitRedefined(words));
  const isWhole = isRead && line.length <= LONGEST && isPlain;
  // What one reads it may have from any other: by its words, a pipe or a here-document.
  const hands = all.some(([program]) => isRunner(nameOf(program)) || isInterpreter(nameOf(program)));
  const texts = nodes.flatMap(textsIn).filter((text) => text !== null && /[\s;&|]/u.test(text));
  const inner = hands && depth < DEEPEST ? texts.map((text) => possibleCommands(text!, depth + 1)) : [];
  const rough = isWhole ? [] : line.split(/[;&|\n`(){}]+/u).map((text) => ({ text: text.trim(), isOpen: false }));
  return {
    commands: [...commands, ...rough, ...inner.flatMap((one) => one.commands)],
    isWhole: isWhole && !(hands && depth >= DEEPEST),
  };
};

const spokenWords = (node: Command): CommandWords => ({
  words: wordsOf(node),
  text: node.args.map(({ text }) => text).join(' '),
});

/** The commands of certain programs that a line only mentions, for other programs that may run what they are told. */
export const mentionedIn = (line: string, names: ReadonlySet<string>): readonly PossibleCommand[] => {
  const { nodes } = nodesOf(line.slice(0, LONGEST));
  const texts = nodes.filter(({ type }) => type !== 'Command').flatMap(textsIn);
  const all = nodes.filter((node) => node.type === 'Command').map(spokenWords);
  return mentionedCommands(
    all,
    texts.filter((text) => text !== null),
    names,
  );
};
