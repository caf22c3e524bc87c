import { randomUUID } from 'node:crypto';
import { paneDead, targetMissing } from './errors.ts';
import { commandText, inFormat, inOperand, type TmuxCommand } from './quote.ts';
import type { TmuxRunner } from './run.ts';

// In characters; with the longest encodings a full invocation stays below what tmux takes.
const PIECE = 700;
const PIECES_AT_ONCE = 4;
/** The option of a pane that remembers what was typed into it once. */
const TYPED = '@drover_typed';
/** The words of the latest messages and answers, for which somebody waited: what comes between makes none of them be forgotten. */
const TOLD = '@drover_told';
/** So much of them is kept, in characters. */
const KEPT = 1000;
/** What was answered last of what it asks. */
const REPLIED = '@drover_replied';
/** What is answered where the word was known. */
const SAY_KNOWN = commandText(['display-message', '-p', 'known']);
const PASTE_END = /(?:\u001B\[|\u009B)20[01]~/gu;

const piecesOf = (text: string): readonly string[] => {
  const characters = [...text];
  const pieces: string[] = [];
  for (let i = 0; i < characters.length; i += PIECE) pieces.push(characters.slice(i, i + PIECE).join(''));
  return pieces;
};

/** A test whether a pane remembers the word of a message. */
const isTold = (word: string): string => `#{m:* ${inOperand(word)} *,#{${TOLD}}}`;

/** Has a pane remember a word as that of a message. */
export const noteTold = (pane: string, word: string): TmuxCommand => [
  'set-option',
  ...['-p', '-F', '-t', pane, TOLD],
  `#{=-${KEPT}:${TOLD}} ${inFormat(word)} `,
];

/** Whether something was typed, or answered, in a pane under this word. */
export const knowsWord = async (runner: TmuxRunner, pane: string, word: string): Promise<boolean> => {
  const { stdout, failure, noServer } = await runner.ask([['display-message', '-p', '-t', pane, isTold(word)]]);
  if (failure && !noServer && !targetMissing.matches(failure)) throw failure;
  return failure === null && stdout.startsWith('1');
};

// A person who scrolls in copy mode would otherwise get the keys as copy-mode commands.
const leaveMode = (pane: string): TmuxCommand => ['copy-mode', '-q', '-t', pane];

/** Types the text as it is, in as few invocations as tmux's limits allow; false when it was typed under this word before. */
export const typeText = async (
  runner: TmuxRunner,
  pane: string,
  text: string,
  { enter = false, once, isMessage = false }: { enter?: boolean; once?: string; isMessage?: boolean } = {},
): Promise<boolean> => {
  const commands: TmuxCommand[] = piecesOf(text).map((piece) => ['send-keys', '-t', pane, '-l', '--', piece]);
  if (enter) commands.push(['send-keys', '-t', pane, 'Enter']);
  if (once !== undefined && isMessage && commands.length > PIECES_AT_ONCE) {
    if (await knowsWord(runner, pane, once)) return false;
    commands.push(noteTold(pane, once));
  } else if (once !== undefined) {
    // One command to the server: it is typed and remembered, or neither.
    const note: TmuxCommand = isMessage ? noteTold(pane, once) : ['set-option', '-p', '-t', pane, TYPED, once];
    const typed = [leaveMode(pane), ...commands, note].map(commandText).join(' ; ');
    const isNew = isMessage ? `#{==:${isTold(once)},0}` : `#{!=:#{${TYPED}},${inOperand(once)}}`;
    return !(await runner.run([['if-shell', '-F', '-t', pane, isNew, typed, SAY_KNOWN]])).startsWith('known');
  }
  for (let i = 0; i < commands.length; i += PIECES_AT_ONCE)
    await runner.run([leaveMode(pane), ...commands.slice(i, i + PIECES_AT_ONCE)]);
  return true;
};

const commandsOf = (pane: string, key: string): TmuxCommand[] => {
  if (key.startsWith('wait:')) return [['run-shell', '-d', String(Number(key.slice('wait:'.length)) / 1000)]];
  if (!key.startsWith('text:')) return [['send-keys', '-t', pane, '--', key]];
  return piecesOf(key.slice('text:'.length)).map((piece) => ['send-keys', '-t', pane, '-l', '--', piece]);
};

/**
 * Presses keys in one command to the server, which remembers the word, and who said so; false when it knew the word already.
 * Without keys it is remembered alone.
 */
export const replyOnce = async (
  runner: TmuxRunner,
  pane: string,
  keys: readonly string[],
  { once, by }: { readonly once: string; readonly by?: string | undefined },
): Promise<boolean> => {
  // Remembered first: while it waits between two keys nobody else begins to answer.
  const all: TmuxCommand[] = [
    ['set-option', '-p', '-t', pane, REPLIED, once],
    ...(by === undefined ? [] : [noteTold(pane, by)]),
    ...(keys.length === 0 ? [] : [leaveMode(pane)]),
    ...keys.flatMap((key) => commandsOf(pane, key)),
  ];
  const stdout = await runner.run([
    [
      'if-shell',
      '-F',
      '-t',
      pane,
      `#{!=:#{${REPLIED}},${inOperand(once)}}`,
      all.map(commandText).join(' ; '),
      SAY_KNOWN,
    ],
  ]);
  return !stdout.startsWith('known');
};

export const pressKeys = async (runner: TmuxRunner, pane: string, keys: readonly string[]): Promise<void> => {
  if (keys.length > 0) await runner.run([leaveMode(pane), ['send-keys', '-t', pane, '--', ...keys]]);
};

/** The text without the marks around a paste: the end mark inside of it would turn the rest into keys. */
export const withoutPasteMarks = (text: string): string => {
  const stripped = text.replace(PASTE_END, '');
  return stripped === text ? text : withoutPasteMarks(stripped);
};

/**
 * Pastes in one invocation of any length, with which the word is remembered. Rejects with `tmux/pane-dead` when nobody is there
 * to read.
 */
export const pasteText = async (runner: TmuxRunner, pane: string, text: string, word?: string): Promise<void> => {
  const input = withoutPasteMarks(text);
  if (input === '') return;
  const buffer = `drover-${randomUUID()}`;
  const drop: TmuxCommand = ['delete-buffer', '-b', buffer];
  const paste: TmuxCommand = ['paste-buffer', '-p', '-r', '-d', '-b', buffer, '-t', pane];
  const { stdout, failure } = await runner.ask(
    [
      ['load-buffer', '-b', buffer, '-'],
      // Pasting into a dead pane ends old servers, so it is asked in the same breath.
      [
        'if-shell',
        '-F',
        '-t',
        pane,
        '#{pane_dead}',
        `${commandText(drop)} ; ${commandText(['display-message', '-p', 'dead'])}`,
        [paste, ...(word === undefined ? [] : [noteTold(pane, word)])].map(commandText).join(' ; '),
      ],
    ],
    { input },
  );
  if (failure) {
    await runner.ask([drop]);
    throw failure;
  }
  if (stdout.startsWith('dead')) throw paneDead({ pane });
};
