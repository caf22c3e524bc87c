import { openQuestionFor, withCommand } from '../answering/suggestion.ts';
import { askAboutMerge } from '../control/merge-all.ts';
import type { KeyContext, KeyHandler, KeyResult } from '../control/key.ts';
import { type ScreenState, withMessage, withOverlays } from '../model/screen-state.ts';
import { beginTyping } from '../panes/typing.ts';
import type { Hint } from '../../ports/hint.ts';
import { openReview } from '../tabs/open-view.ts';
import { EDIT_KEYS } from './prompt-edit-keys.ts';
import { ghostOf, type Share, shareOf } from './prompt-ghost.ts';
import { lineAtFault } from './prompt-fault.ts';
import { meantInstead } from './prompt-message.ts';
import { hintOf, isLeaving } from './prompt-preview.ts';
import { type PromptEdit, reducePrompt } from './prompt-reducer.ts';
import { scriptOf } from './prompt-script.ts';
import { type PromptState, promptText } from './prompt-state.ts';
import { beforeCursor } from './prompt-text.ts';

export const editPrompt = (screen: ScreenState, edit: PromptEdit): KeyResult => ({
  screen: { ...screen, prompt: reducePrompt(screen.prompt, edit) },
});

/** The keys of the command line, as the list of keys explains them. */
export const PROMPT_HELP: readonly { readonly label: string; readonly help: string }[] = [
  {
    label: 'Enter',
    help: 'run the command; on an empty line: answer the selected agent if it asks, else type into it',
  },
  { label: 'Tab', help: 'complete the word; a menu shows what may stand there, Tab and the arrows go through it' },
  { label: '→', help: 'at the end of the line: accept what stands there in grey (Alt-→: a word of it)' },
  {
    label: 'End',
    help: 'on an empty line: use the example that stands there; behind “did you mean”: use what is meant; Enter runs it',
  },
  { label: '↑ ↓', help: 'earlier commands that begin with what is typed' },
  { label: 'Ctrl-R', help: 'search the earlier commands, again for the one before' },
  { label: '← →', help: 'move the cursor; on an empty line: select a pane' },
  { label: 'Ctrl-W', help: 'delete the word before (Ctrl-U: all before, Ctrl-K: all after)' },
  { label: 'Ctrl-Y', help: 'put back what was deleted last' },
  { label: 'Ctrl-_', help: 'undo' },
  { label: 'Alt-Enter', help: 'a new line within the command' },
  { label: 'Ctrl-C', help: 'take back what is typed or open; twice: leave' },
  { label: 'Esc', help: 'give the keys to the panes' },
];

const PAGING = new Set(['pageup', 'pagedown', 'shift+pageup', 'shift+pagedown']);
const SELECTING = new Set(['left', 'right']);

/** Keys that mean nothing in the line, or nothing while it is empty, go on to the panes. */
export const isForPanes = ({ characters }: PromptState, key: string): boolean =>
  PAGING.has(key) || (SELECTING.has(key) && characters.length === 0);

/** Asks before several commands are run: they may have been pasted by mistake. */
const askAboutSeveral = (screen: ScreenState, commands: readonly string[]): ScreenState =>
  withOverlays(screen, {
    page: null,
    dialog: {
      title: `Run ${commands.length} commands?`,
      command: 'one after the other',
      targets: commands,
      loses: 'The first that fails, or asks, keeps back those behind it.',
      token: null,
      queued: commands,
      yes: false,
      interrupts: false,
    },
  });

/** What is wrong with a text that is no command, and what helps; undefined where it is one. */
const faultIn = (hint: Hint): { readonly text: string; readonly help: string | null } | undefined => {
  if (hint.kind === 'incomplete' && hint.expects.length > 0)
    return { text: 'This is no whole command yet.', help: `What may stand there: ${hint.expects.join(', ')}` };
  if (hint.kind !== 'error' || hint.understood === true) return undefined;
  const { message, suggestion, help = null } = hint;
  return { text: message, help: suggestion === undefined ? help : meantInstead(suggestion) };
};

/** A text that is no command stays in the line, with the cursor behind the word that is wrong. */
const refusedIn = (screen: ScreenState, hint: Hint): KeyResult | undefined => {
  const wrong = faultIn(hint);
  if (!wrong) return undefined;
  const said = withMessage(screen, { tone: 'error', text: wrong.text, hint: wrong.help });
  return { screen: { ...said, prompt: { ...screen.prompt, ...lineAtFault(promptText(screen.prompt), wrong.text) } } };
};

/** Enter on an empty line types into the selected agent. */
const submitPrompt = (screen: ScreenState, context: KeyContext): KeyResult => {
  const { hint, state } = context;
  const entered = promptText(screen.prompt).trim();
  if (entered === '') return beginTyping(screen);
  if (isLeaving(entered)) return { ...editPrompt(screen, { kind: 'set', text: '' }), effect: { kind: 'quit' } };
  const script = scriptOf(entered, hint);
  if (script.kind === 'wrong') {
    const { line, from, message } = script;
    const said = withMessage(screen, { tone: 'error', text: `${line}: ${message}`, hint: 'Nothing was run.' });
    const at = lineAtFault(entered, message, { from, to: from + line.length });
    return { screen: { ...said, prompt: { ...screen.prompt, ...at } } };
  }
  const known = script.kind === 'one' ? hint(script.text) : undefined;
  const refused = known && refusedIn(screen, known);
  if (refused) return refused;
  const next = {
    ...screen,
    focus: screen.prompt.isLent ? ('panes' as const) : screen.focus,
    prompt: reducePrompt(screen.prompt, { kind: 'submit' }),
  };
  const asked = script.kind === 'one' ? openQuestionFor(next, script.text, context) : undefined;
  if (asked) return asked;
  if (script.kind === 'several') return { screen: askAboutSeveral(next, script.commands) };
  // Who wants to see the work of a task can decide on it there; a page of text could only be closed.
  if (known?.kind === 'ok' && known.reviews !== undefined) return { screen: openReview(next, known.reviews) };
  // Beside the key that merges all there is the line: it asks as well.
  const merging =
    known?.kind === 'ok' ? askAboutMerge(next, { command: script.text, merges: known.merges ?? [], state }) : undefined;
  return merging ? { screen: merging } : { screen: next, effect: { kind: 'run', text: script.text } };
};

/** The keys of a search; every other key takes the found command and means what it usually does. */
const handleSearchKey: KeyHandler = (screen, key, context) => {
  switch (key) {
    case 'ctrl+r':
    case 'up':
      return editPrompt(screen, { kind: 'search', direction: 'older' });
    case 'ctrl+s':
    case 'down':
      return editPrompt(screen, { kind: 'search', direction: 'newer' });
    case 'backspace':
      return editPrompt(screen, { kind: 'delete', what: 'before' });
    case 'esc':
    case 'ctrl+g':
      return editPrompt(screen, { kind: 'close-search', keep: false });
    default:
      return handleLineKey(editPrompt(screen, { kind: 'close-search', keep: true }).screen, key, context);
  }
};

const MENU_STEPS: Readonly<Record<string, boolean>> = { tab: false, down: false, 'shift+tab': true, up: true };

/** The keys of the menu of completions; every other key takes the chosen word and means what it usually does. */
const handleMenuKey: KeyHandler = (screen, key, context) => {
  const { completion } = screen.prompt;
  const backwards = MENU_STEPS[key];
  if (backwards !== undefined) return editPrompt(screen, { kind: 'complete', candidates: [], backwards });
  if (key === 'esc' || key === 'ctrl+g') return editPrompt(screen, { kind: 'close-menu', keep: false });
  if (key === 'enter' && completion && completion.at >= 0)
    return editPrompt(screen, { kind: 'close-menu', keep: true });
  return handleLineKey(screen, key, context);
};

/** Keys that take the ghost behind the line. */
const TAKES: Readonly<Record<string, Share>> = {
  right: 'all',
  end: 'all',
  'ctrl+e': 'all',
  'ctrl+f': 'all',
  'alt+right': 'word',
  'ctrl+right': 'word',
  'alt+f': 'word',
};

/** Keys that take the example that stands in the empty line. */
const TAKING = new Set(['end', 'ctrl+e']);

const RECALLS: Readonly<Record<string, PromptEdit>> = {
  up: { kind: 'recall', direction: 'older' },
  'ctrl+p': { kind: 'recall', direction: 'older' },
  down: { kind: 'recall', direction: 'newer' },
  'ctrl+n': { kind: 'recall', direction: 'newer' },
  'ctrl+r': { kind: 'search', direction: 'older' },
  'alt+enter': { kind: 'insert', text: '\n' },
};

/** Gives the keys to the view; a command that it has begun and that stays half written is gone on with later. */
const leaveLine = (screen: ScreenState): ScreenState => {
  const { prompt } = screen;
  const isLent = prompt.isLent && prompt.characters.length > 0;
  return { ...screen, focus: 'panes', prompt: isLent === prompt.isLent ? prompt : { ...prompt, isLent } };
};

const handleLineKey: KeyHandler = (screen, key, context) => {
  if (key === 'enter') return submitPrompt(screen, context);
  if (key === 'esc') return { screen: leaveLine(screen) };
  if (key === 'tab' || key === 'shift+tab') {
    const candidates = context.complete(beforeCursor(screen.prompt));
    return editPrompt(screen, { kind: 'complete', candidates, backwards: key === 'shift+tab' });
  }
  const { example } = context;
  if (TAKING.has(key) && promptText(screen.prompt) === '' && example !== null)
    return { screen: withCommand(screen, example) };
  // Where the cursor was put at a fault, its way to the end is that to what is right.
  const known = key === 'end' ? hintOf(promptText(screen.prompt), context.hint) : undefined;
  if (known?.kind === 'error' && known.suggestion !== undefined)
    return editPrompt(screen, { kind: 'set', text: known.suggestion });
  const share = TAKES[key];
  const ghost = share === undefined ? '' : ghostOf(screen.prompt, context.complete);
  if (share !== undefined && ghost !== '')
    return editPrompt(screen, { kind: 'insert', text: shareOf(ghost, share), whole: true });
  const edit = RECALLS[key] ?? EDIT_KEYS[key];
  return edit && editPrompt(screen, edit);
};

export const handlePromptKey: KeyHandler = (screen, key, context) => {
  const { search, completion } = screen.prompt;
  const handler = search ? handleSearchKey : completion ? handleMenuKey : handleLineKey;
  return handler(screen, key, context);
};
