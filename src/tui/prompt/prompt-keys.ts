import type { KeyContext, KeyHandler, KeyResult } from '../control/key.ts';
import type { ScreenState } from '../model/screen-state.ts';
import { beginTyping } from '../panes/typing.ts';
import { EDIT_KEYS } from './prompt-edit-keys.ts';
import { ghostOf, type Share, shareOf } from './prompt-ghost.ts';
import { type PromptEdit, reducePrompt, textBefore } from './prompt-reducer.ts';
import { scriptOf } from './prompt-script.ts';
import { promptText } from './prompt-state.ts';

export const editPrompt = (view: ScreenState, edit: PromptEdit): KeyResult => ({
  view: { ...view, prompt: reducePrompt(view.prompt, edit) },
});

/** What the list of keys says of the command line. */
export const PROMPT_HELP: readonly { readonly label: string; readonly help: string }[] = [
  {
    label: 'Enter',
    help: 'run the command; on an empty line: answer the selected agent if it asks, else type into it',
  },
  { label: 'Tab', help: 'complete the word; a menu shows what may stand there, Tab and the arrows go through it' },
  { label: '→', help: 'at the end of the line: take what stands there in grey (Alt-→: a word of it)' },
  { label: 'End', help: 'on an empty line: take the example' },
  { label: '↑ ↓', help: 'earlier commands that begin with what is typed' },
  { label: 'Ctrl-R', help: 'search the earlier commands, again for the one before' },
  { label: '← →', help: 'move the cursor; on an empty line: select a pane' },
  { label: 'Ctrl-W', help: 'delete the word before (Ctrl-U: all before, Ctrl-K: all after)' },
  { label: 'Ctrl-Y', help: 'put back what was deleted so' },
  { label: 'Ctrl-_', help: 'undo' },
  { label: 'Alt-Enter', help: 'a new line within the command' },
  { label: 'Ctrl-C', help: 'take back what is typed or open; twice: leave' },
  { label: 'Esc', help: 'give the keys to the panes' },
];

const PAGING = new Set(['pageup', 'pagedown', 'shift+pageup', 'shift+pagedown']);
const SELECTING = new Set(['left', 'right']);

/** Keys that mean nothing in the line, or nothing while it is empty, go on to the panes. */
export const isForPanes = ({ prompt }: ScreenState, key: string): boolean =>
  PAGING.has(key) || (SELECTING.has(key) && prompt.characters.length === 0);

/** Asks before several commands are run: they may have been pasted by mistake. */
const askAboutSeveral = (view: ScreenState, commands: readonly string[]): ScreenState => ({
  ...view,
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

/** Enter on an empty line types into the selected agent. */
const submitPrompt = (view: ScreenState, { hint }: KeyContext): KeyResult => {
  const text = promptText(view.prompt).trim();
  if (text === '') return beginTyping(view);
  const script = scriptOf(text, hint);
  if (script.kind === 'wrong') {
    const answer = { tone: 'error', text: `${script.line}: ${script.message}`, hint: 'Nothing was run.' } as const;
    return { view: { ...view, answer } };
  }
  const next = { ...view, prompt: reducePrompt(view.prompt, { kind: 'submit' }) };
  if (script.kind === 'several') return { view: askAboutSeveral(next, script.commands) };
  return { view: next, effect: { kind: 'run', text: script.text } };
};

/** The keys of a search; all others take what it found and mean what they mean. */
const handleSearchKey: KeyHandler = (view, key, context) => {
  switch (key) {
    case 'ctrl+r':
    case 'up':
      return editPrompt(view, { kind: 'search', direction: 'older' });
    case 'ctrl+s':
    case 'down':
      return editPrompt(view, { kind: 'search', direction: 'newer' });
    case 'backspace':
      return editPrompt(view, { kind: 'delete', what: 'before' });
    case 'esc':
    case 'ctrl+g':
      return editPrompt(view, { kind: 'close-search', keep: false });
    default:
      return handleLineKey(editPrompt(view, { kind: 'close-search', keep: true }).view, key, context);
  }
};

const MENU_STEPS: Readonly<Record<string, boolean>> = { tab: false, down: false, 'shift+tab': true, up: true };

/** The keys of the menu of completions; all others take the chosen word and mean what they mean. */
const handleMenuKey: KeyHandler = (view, key, context) => {
  const { completion } = view.prompt;
  const backwards = MENU_STEPS[key];
  if (backwards !== undefined) return editPrompt(view, { kind: 'complete', candidates: [], backwards });
  if (key === 'esc' || key === 'ctrl+g') return editPrompt(view, { kind: 'close-menu', keep: false });
  if (key === 'enter' && completion && completion.at >= 0) return editPrompt(view, { kind: 'close-menu', keep: true });
  return handleLineKey(view, key, context);
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

/** Types the example, with the cursor where words of one's own belong. */
const takeExample = (view: ScreenState, example: string): KeyResult => {
  const [before = '', after] = example.split('…');
  const typedIt = reducePrompt(view.prompt, { kind: 'insert', text: before + (after ?? ''), whole: true });
  return {
    view: { ...view, prompt: after === undefined ? typedIt : reducePrompt(typedIt, { kind: 'move', to: 'left' }) },
  };
};

const RECALLS: Readonly<Record<string, PromptEdit>> = {
  up: { kind: 'recall', direction: 'older' },
  'ctrl+p': { kind: 'recall', direction: 'older' },
  down: { kind: 'recall', direction: 'newer' },
  'ctrl+n': { kind: 'recall', direction: 'newer' },
  'ctrl+r': { kind: 'search', direction: 'older' },
  'alt+enter': { kind: 'insert', text: '\n' },
};

const handleLineKey: KeyHandler = (view, key, context) => {
  if (key === 'enter') return submitPrompt(view, context);
  if (key === 'esc') return { view: { ...view, mode: 'panes' } };
  if (key === 'tab' || key === 'shift+tab') {
    const candidates = context.complete(textBefore(view.prompt));
    return editPrompt(view, { kind: 'complete', candidates, backwards: key === 'shift+tab' });
  }
  if (TAKING.has(key) && promptText(view.prompt) === '') return takeExample(view, context.example);
  const share = TAKES[key];
  const ghost = share === undefined ? '' : ghostOf(view.prompt, context.complete);
  if (share !== undefined && ghost !== '')
    return editPrompt(view, { kind: 'insert', text: shareOf(ghost, share), whole: true });
  const edit = RECALLS[key] ?? EDIT_KEYS[key];
  return edit && editPrompt(view, edit);
};

export const handlePromptKey: KeyHandler = (view, key, context) => {
  const { search, completion } = view.prompt;
  const handler = search ? handleSearchKey : completion ? handleMenuKey : handleLineKey;
  return handler(view, key, context);
};
