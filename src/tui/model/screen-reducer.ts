import type { Reply } from '../../ports/swarm.ts';
import { showAnswerOutcome } from '../answering/answer-keys.ts';
import { suggestionsIn } from '../answering/suggestion-list.ts';
import { withUnreadDialog } from '../control/dialog-keys.ts';
import { isAttachCommand } from '../control/is-attach-command.ts';
import { endTyping } from '../panes/typing.ts';
import { withRefused } from '../prompt/prompt-fault.ts';
import {
  type AnswerOutcome,
  type CommandsState,
  type PanesState,
  type ScreenState,
  withMessage,
  withNote,
  withOverlays,
  withPanes,
} from './screen-state.ts';

/** Something that happened around the screen, without a key. */
export type ScreenEvent =
  /** The swarm changed, or what is shown of it; `shown` are those of its instances that no filter hides, in order. */
  | { readonly kind: 'instances'; readonly ids: readonly string[]; readonly shown: readonly string[] }
  /** A command was sent; `settled` follows whatever becomes of it. */
  | { readonly kind: 'asked'; readonly command: string }
  | { readonly kind: 'settled'; readonly command: string }
  /** `ran` counts the commands of one script so far, this one included; what is queued comes behind it. */
  | {
      readonly kind: 'replied';
      readonly command: string;
      readonly reply: Reply;
      readonly queued?: readonly string[];
      readonly ran?: number;
    }
  | ({ readonly kind: 'answered' } & AnswerOutcome)
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | null }
  | { readonly kind: 'noticed'; readonly text: string }
  /** The terminal is ours again, after another program had it. */
  | { readonly kind: 'returned' }
  /** The terminal of this agent reads no keys any more; the reason is null where the person left it. */
  | { readonly kind: 'left'; readonly id: string; readonly reason: string | null };

type Replied = Extract<ScreenEvent, { readonly kind: 'replied' }>;

const notRun = (queued: readonly string[]): string => `Not run: ${queued.join('; ')}`;

/** Asks before a command destroys something; `now` is missing where nobody counts when the question came. */
const askToConfirm = (screen: ScreenState, { command, reply, queued = [] }: Replied, now?: number): ScreenState => {
  const { targets, loses, token } = reply.confirm!;
  const { dialog: open, answering } = screen.overlays;
  if (open) {
    // Whoever is about to answer one question must not answer another.
    const hint = queued.length === 0 ? 'Answer this question, then run it again.' : notRun(queued);
    return withMessage(screen, { tone: 'note', text: `not done: ${command}`, hint });
  }
  // A letter that is meant for something else must not be taken for a Yes.
  const interrupts = answering !== null || screen.prompt.characters.length > 0;
  const came = now === undefined ? {} : { came: now };
  const dialog = { command, targets, loses, token, queued, yes: false, interrupts, ...came };
  return withOverlays(withMessage(screen, null), { page: null, dialog });
};

/** What a command answered, with how many of its script are done: of the last one alone nobody knows about the others. */
const inScript = (message: string, ran: number | undefined, left: number, isDone: boolean): string => {
  if (ran === undefined || ran + left === 1) return message;
  return isDone && left === 0 ? `${ran} commands done, the last: ${message}` : `${ran} of ${ran + left}: ${message}`;
};

/** Exit codes of what is at fault in the words of a command: they are not understood, or name what does not exist. */
const AT_FAULT: ReadonlySet<number> = new Set([2, 3]);

/**
 * Whether a command was refused for its words, which can be put right. Where the time is the wrong one, or the speaker, the same
 * words are in nobody's way; and one that was carried out, however badly, has an answer of its own, which names no error.
 */
const isRefusal = ({ exit, data }: Reply): boolean =>
  AT_FAULT.has(exit) && typeof (data as { readonly code?: unknown } | null)?.code === 'string';

/** The line with a refused command; where a view had begun that, the line has the keys again, for it is there that it is put right. */
const takeBack = (before: ScreenState, prompt: ScreenState['prompt']): ScreenState => {
  if (prompt === before.prompt) return before;
  return { ...before, prompt, focus: prompt.isLent ? 'prompt' : before.focus };
};

/** Says what a command answered: in a line, or in a page where the answer needs more than one. */
const showReply = (before: ScreenState, { command, reply, queued = [], ran }: Replied): ScreenState => {
  const { message, hint, exit, text, data, sideEffects } = reply;
  const isDone = exit === 0;
  const screen = isRefusal(reply) ? takeBack(before, withRefused(before.prompt, command, { message, queued })) : before;
  const said = withMessage(screen, {
    // What was done in part is no failure: 170 branches are merged, whatever became of the last one.
    tone: isDone ? 'ok' : sideEffects.length > 0 ? 'warning' : 'error',
    text: inScript(message, ran, queued.length, isDone),
    hint: isDone || queued.length === 0 ? hint : notRun(queued),
  });
  const lines = text.trimEnd().split('\n');
  const suggestions = suggestionsIn(data);
  if (lines.length === 1 && suggestions.length === 0) return said;
  // What the page says need not be said twice.
  const { page: open } = screen.overlays;
  const under = open?.suggestions?.some((one) => one.command === command) ? { under: open } : {};
  const page = { title: command, lines, suggestions, ...under, top: 0 };
  return withOverlays(isDone ? withMessage(screen, null) : said, { page });
};

/** The panes of the instances that there are; `shown` are those of them that no filter hides. */
const keepToInstances = (panes: PanesState, ids: readonly string[], shown: readonly string[]): PanesState => {
  const { typing, selected } = panes;
  // Who types into an agent that goes away must not type into another one.
  const isGone = typing !== null && typing.over === null && !ids.includes(typing.id);
  const kept = isGone ? { ...panes, typing: { ...typing, over: 'it is gone' } } : panes;
  if (selected !== null && shown.includes(selected)) return kept;
  return { ...kept, selected: shown[0] ?? null, isZoomed: false, scroll: null };
};

type Sent = Extract<ScreenEvent, { readonly kind: 'asked' | 'settled' }>;

/** Keeps a command that was sent until it is settled, and whether the terminal is an agent's meanwhile. */
const withSent = (commands: CommandsState, { kind, command }: Sent, now: number | null): CommandsState => {
  const { running, isHandingOver } = commands;
  const isAttach = isAttachCommand(command);
  if (kind === 'asked')
    return { ...commands, running: [...running, { command, since: now }], isHandingOver: isHandingOver || isAttach };
  const at = running.findIndex((one) => one.command === command);
  return { ...commands, running: running.filter((_one, i) => i !== at), isHandingOver: isHandingOver && !isAttach };
};

/**
 * Ends the typing into an agent that reads no keys any more; until the person has seen why, their keys do nothing else.
 */
const stopTyping = (screen: ScreenState, id: string, reason: string | null): ScreenState => {
  const { typing } = screen.panes;
  if (typing?.id !== id) return screen;
  return reason === null ? endTyping(screen) : withPanes(screen, { typing: { ...typing, over: reason } });
};

/** The screen after something happened around it, at this time by the clock of the keys. */
export const reduceScreen = (screen: ScreenState, event: ScreenEvent, now?: number): ScreenState => {
  switch (event.kind) {
    case 'instances': {
      const panes = keepToInstances(screen.panes, event.ids, event.shown);
      return panes === screen.panes ? screen : { ...screen, panes };
    }
    case 'left':
      return stopTyping(screen, event.id, event.reason);
    case 'asked':
    case 'settled':
      return { ...screen, commands: withSent(screen.commands, event, now ?? null) };
    case 'replied':
      return event.reply.confirm ? askToConfirm(screen, event, now) : showReply(screen, event);
    case 'answered':
      return showAnswerOutcome(screen, event);
    case 'returned':
      if (now === undefined || !screen.overlays.dialog) return screen;
      return { ...screen, overlays: withUnreadDialog(screen.overlays, now) };
    case 'noticed':
      return withNote(screen, event.text);
    case 'failed':
      return withMessage(screen, { tone: 'error', text: event.message, hint: event.hint });
  }
};
