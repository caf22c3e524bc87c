import type { Reply } from '../ports/swarm.ts';
import { emptyPrompt, type PromptState } from './prompt-state.ts';

/** The last word on a command, in one line. */
export type Answer = { readonly tone: 'ok' | 'error' | 'note'; readonly text: string; readonly hint: string | null };

/** A question before something is destroyed. `yes` is what Enter would say; it starts as No. */
export type Dialog = {
  readonly command: string;
  readonly targets: readonly string[];
  readonly loses: string;
  readonly token: string;
  readonly yes: boolean;
  /** Something else is being typed, into which the question came: then no letter is an answer. */
  readonly interrupts: boolean;
};

/** Text that needs more than a line; null lines stand for the list of keys. */
export type Page = { readonly title: string; readonly lines: readonly string[] | null; readonly top: number };

/** What this one screen looks at; nothing of it is known to the daemon. */
export type View = {
  readonly mode: 'panes' | 'prompt';
  readonly selected: string | null;
  readonly zoomed: boolean;
  readonly prompt: PromptState;
  readonly answer: Answer | null;
  /** Commands that are not answered yet. */
  readonly running: number;
  readonly dialog: Dialog | null;
  readonly page: Page | null;
  /** Set after the first Ctrl-C: the next one leaves. */
  readonly leaving: boolean;
};

/** The prompt has the keys at first: people come to say something. */
export const initialView = (ids: readonly string[], history: readonly string[] = []): View => ({
  mode: 'prompt',
  selected: ids[0] ?? null,
  zoomed: false,
  prompt: { ...emptyPrompt, history },
  answer: null,
  running: 0,
  dialog: null,
  page: null,
  leaving: false,
});

export type Happening =
  /** The swarm changed; these are its instances in order. */
  | { readonly kind: 'instances'; readonly ids: readonly string[] }
  /** A command was sent; `settled` follows whatever becomes of it. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'settled' }
  | { readonly kind: 'replied'; readonly command: string; readonly reply: Reply }
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | null }
  | { readonly kind: 'noticed'; readonly text: string };

const replied = (view: View, command: string, reply: Reply): View => {
  const { message, hint, exit, confirm, text } = reply;
  if (confirm)
    return { ...view, answer: null, page: null, dialog: { command, ...confirm, yes: false, interrupts: false } };
  const answer: Answer = { tone: exit === 0 ? 'ok' : 'error', text: message, hint };
  const lines = text.trimEnd().split('\n');
  if (lines.length === 1) return { ...view, answer };
  // What the page says need not be said twice.
  return { ...view, answer: exit === 0 ? null : answer, page: { title: command, lines, top: 0 } };
};

/** Folds what happened around the view into it. */
export const reduceView = (view: View, happening: Happening): View => {
  switch (happening.kind) {
    case 'instances': {
      if (view.selected !== null && happening.ids.includes(view.selected)) return view;
      return { ...view, selected: happening.ids[0] ?? null, zoomed: false };
    }
    case 'asked':
      return { ...view, running: view.running + 1 };
    case 'settled':
      return { ...view, running: view.running - 1 };
    case 'replied':
      return replied(view, happening.command, happening.reply);
    case 'noticed':
      return { ...view, answer: { tone: 'note', text: happening.text, hint: null } };
    case 'failed': {
      const answer: Answer = { tone: 'error', text: happening.message, hint: happening.hint };
      return { ...view, answer };
    }
  }
};
