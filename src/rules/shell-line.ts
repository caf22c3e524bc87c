import {
  type AndOr,
  type Assignment,
  type Command,
  type CompoundList,
  type ParsedScript,
  type PipelineNode,
  parse,
  type Redirection,
  type Word,
} from 'unbash';
import { hasUnseen } from '../lib/text.ts';
import { readBody, readWord, type ShellWord } from './shell-words.ts';

/** A simple command of a line: the variables that are set for it alone, and its words without redirections. */
export type ShellCommand = { readonly assignments: readonly ShellWord[]; readonly words: readonly ShellWord[] };

/** Longer lines and more commands are for a person to read. */
const LONGEST = 20_000;
const MOST = 100;

const PROGRAM = /^(?:\.{0,2}\/)?\w[\w@%+:./-]*$|^[[:.]$/u;
/** A variable that a loop sets and that means nothing to a shell or a program. */
const LOOP_VARIABLE = /^(?!path$|cdpath$|fpath$|argv$|status$|prompt$|histchars$|manpath$|psvar$|mailpath$)[a-z]+\d*$/u;

/** Stops the reading of a line: a person has to look at it. */
class NotUnderstood extends Error {}

const insist: (isUnderstood: boolean) => asserts isUnderstood = (isUnderstood) => {
  if (!isUnderstood) throw new NotUnderstood();
};

type Commands = Generator<ShellCommand, void>;

function* inScripts(scripts: readonly ParsedScript[]): Commands {
  for (const { errors = [], commands, shebang } of scripts) {
    insist(errors.length === 0 && shebang === undefined);
    for (const { command } of commands) yield* inNode(command);
  }
}

function* inLists(...lists: readonly CompoundList[]): Commands {
  for (const { commands } of lists) for (const { command } of commands) yield* inNode(command);
}

function* inWord(word: Word): Generator<ShellCommand, ShellWord> {
  const read = readWord(word);
  insist(read !== undefined);
  yield* inScripts(read.scripts);
  return read.word;
}

function* inNode(node: PipelineNode | AndOr): Commands {
  switch (node.type) {
    case 'AndOr':
    case 'Pipeline':
      for (const one of node.commands) yield* inNode(one);
      return;
    case 'Command':
      return yield* inCommand(node);
    case 'Subshell':
    case 'BraceGroup':
      return yield* inLists(node.body);
    case 'Redirected':
      yield* inNode(node.command);
      for (const one of node.redirects) yield* inRedirection(one);
      return;
    case 'If':
      for (const { clause, then } of [node, ...node.elif]) yield* inLists(clause, then);
      return yield* inLists(...(node.else ? [node.else] : []));
    case 'While':
      return yield* inLists(node.clause, node.body);
    case 'For':
      insist(LOOP_VARIABLE.test(node.name.text) && node.wordlist !== undefined);
      for (const word of node.wordlist) yield* inWord(word);
      return yield* inLists(node.body);
    default:
      // Functions change what a name means, and the others compute.
      throw new NotUnderstood();
  }
}

function* inCommand({ name, prefix, args, redirects }: Command): Commands {
  insist(name !== undefined && PROGRAM.test(name.text));
  const assignments: ShellWord[] = [];
  for (const one of prefix) if (one.type === 'Assignment') assignments.push(yield* inAssignment(one));
  const words = [yield* inWord(name)];
  for (const one of args) {
    insist(one.type === 'Word');
    words.push(yield* inWord(one));
  }
  for (const one of redirects) yield* inRedirection(one);
  yield { assignments, words };
}

function* inAssignment({ name, value, append, index, text }: Assignment): Generator<ShellCommand, ShellWord> {
  insist(value.type === 'Word' && append !== true && index === undefined);
  const read = yield* inWord(value);
  return { ...read, text, value: read.value === null ? null : `${name}=${read.value}`, lead: `${name}=${read.lead}` };
}

function* inRedirection(one: Redirection): Commands {
  insist(one.descriptor === undefined || one.descriptor.type === 'FileDescriptor');
  if (one.type === 'Redirect') {
    insist(['>', '>>', '>|', '<', '&>', '&>>', '>&'].includes(one.operator));
    // Another descriptor, or nowhere: all else writes or reads a file.
    return insist(one.operator === '>&' ? /^[12]$/u.test(one.target?.text ?? '') : one.target?.text === '/dev/null');
  }
  if (one.type === 'HereString') {
    insist(one.target !== undefined);
    yield* inWord(one.target);
    return;
  }
  insist(one.closing !== undefined && /^(?:\w+|'\w+'|"\w+")$/u.test(one.delimiter?.text ?? ''));
  const scripts = readBody(one.body.parts ?? []);
  insist(scripts !== undefined);
  yield* inScripts(scripts);
}

/**
 * The simple commands that a line for a shell consists of, in bash as in zsh, wherever in it they stand. Undefined when
 * it is not certain that these are all: then a person has to look at it.
 */
export const understoodCommands = (line: string): readonly ShellCommand[] | undefined => {
  if (line.length > LONGEST || hasUnseen(line)) return undefined;
  try {
    const commands = [...inScripts([parse(line)])];
    return commands.length > 0 && commands.length <= MOST ? commands : undefined;
  } catch (error) {
    if (error instanceof NotUnderstood || error instanceof RangeError) return undefined;
    throw error;
  }
};
