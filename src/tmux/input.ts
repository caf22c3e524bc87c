import { randomUUID } from 'node:crypto';
import { paneDead } from './errors.ts';
import { commandText, inOperand, type TmuxCommand } from './quote.ts';
import type { TmuxRunner } from './run.ts';

// In characters; with the longest encodings a full invocation stays below what tmux takes.
const PIECE = 700;
const PIECES_AT_ONCE = 4;
/** The option of a pane that remembers what was typed into it once. */
const TYPED = '@drover_typed';
/** The same of messages, which come between others and make none of them be forgotten. */
const TOLD = '@drover_told';
/** The same for the answers to what it asks. */
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
  if (once !== undefined) {
    // One command to the server: it is typed and remembered, or neither.
    const memory = isMessage ? TOLD : TYPED;
    const all: TmuxCommand[] = [leaveMode(pane), ...commands, ['set-option', '-p', '-t', pane, memory, once]];
    const isNew = `#{!=:#{${memory}},${inOperand(once)}}`;
    const typed = all.map(commandText).join(' ; ');
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

/** Presses keys in one command to the server, which remembers the word; false when it knew the word already. */
export const replyOnce = async (
  runner: TmuxRunner,
  pane: string,
  keys: readonly string[],
  once: string,
): Promise<boolean> => {
  // Remembered first: while it waits between two keys nobody else begins to answer.
  const all: TmuxCommand[] = [
    ['set-option', '-p', '-t', pane, REPLIED, once],
    leaveMode(pane),
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

/** Pastes in one invocation of any length. Rejects with `tmux/pane-dead` when nobody is there to read. */
export const pasteText = async (runner: TmuxRunner, pane: string, text: string): Promise<void> => {
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
        commandText(paste),
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
