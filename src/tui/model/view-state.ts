import type { Reply } from '../../ports/swarm.ts';
import { type Answering, type AnswerOutcome, answerTold } from '../answering/answering.ts';
import { handsOver } from '../control/is-attach-command.ts';
import { inSight } from '../control/overlay-keys.ts';
import type { Arrangement } from '../panes/arrangement.ts';
import type { Scroll } from '../panes/scrolling.ts';
import { type Typing, typingEnded } from '../panes/typing.ts';
import { emptyPrompt, type PromptState } from '../prompt/prompt-state.ts';
import type { TabId } from '../tabs/tab.ts';
import { initialTabs, type TabStates } from '../tabs/tab-view.ts';

/** The last word on a command, in one line. */
export type Answer = { readonly tone: 'ok' | 'error' | 'note'; readonly text: string; readonly hint: string | null };

/** A question before something is destroyed. `yes` is what Enter would say; it starts as No. */
export type Dialog = {
  /** By default the question whether one is sure. */
  readonly title?: string;
  readonly command: string;
  readonly targets: readonly string[];
  readonly loses: string;
  /** Confirms the command; null where the view itself asks before it says anything. */
  readonly token: string | null;
  /** Commands that follow a Yes. */
  readonly queued?: readonly string[];
  readonly yes: boolean;
  /** Something else is being typed, into which the question came: then no letter is an answer. */
  readonly interrupts: boolean;
  /** When it came by itself, in milliseconds; missing where a key opened it. */
  readonly came?: number;
};

/** Text that needs more than a line; in place of lines, the view whose keys are listed. */
export type Page = {
  readonly title: string;
  readonly lines: readonly string[] | null;
  readonly keysOf?: TabId;
  readonly top: number;
};

/** What this one screen looks at; nothing of it is known to the daemon. */
export type ScreenState = {
  readonly mode: 'panes' | 'prompt';
  /** Which of the views is open, and what each of them looks at. */
  readonly tab: TabId;
  readonly tabs: TabStates;
  /** What is typed narrows what the view shows. */
  readonly filtering: boolean;
  readonly selected: string | null;
  readonly zoomed: boolean;
  /** How the panes share the screen; `auto` goes by the space. */
  readonly arrangement: Arrangement;
  /** Instances in the order that was asked for; null, and those that came later, in the order of creation. */
  readonly order: readonly string[] | null;
  readonly typing: Typing | null;
  /** The terminal is about to be an agent's: what is typed now is meant for it, and nothing here may act on it. */
  readonly handing: boolean;
  readonly scroll: Scroll | null;
  /** Nothing is drawn and the mouse is the terminal’s own, so that what it selects stays selected. */
  readonly still: boolean;
  /** Whether the mouse is heard. */
  readonly mouse: boolean;
  /** The latest press of the mouse: a second one soon after it is a double one. */
  readonly clicked: { readonly id: string; readonly at: number } | null;
  readonly prompt: PromptState;
  readonly answer: Answer | null;
  /** Commands that are not answered yet. */
  readonly running: number;
  readonly dialog: Dialog | null;
  readonly answering: Answering | null;
  readonly page: Page | null;
  /** Set after the first Ctrl-C: the next one leaves. */
  readonly leaving: boolean;
};

/** The prompt has the keys at first: people come to say something. */
export const initialView = (ids: readonly string[], history: readonly string[] = []): ScreenState => ({
  mode: 'prompt',
  tab: 'agents',
  tabs: initialTabs,
  filtering: false,
  selected: ids[0] ?? null,
  zoomed: false,
  arrangement: 'auto',
  order: null,
  typing: null,
  handing: false,
  scroll: null,
  still: false,
  mouse: true,
  clicked: null,
  prompt: { ...emptyPrompt, history },
  answer: null,
  running: 0,
  dialog: null,
  answering: null,
  page: null,
  leaving: false,
});

export type Happening =
  /** The swarm changed, or what is shown of it; `shown` are those of its instances that no filter hides, in order. */
  | { readonly kind: 'instances'; readonly ids: readonly string[]; readonly shown: readonly string[] }
  /** A command was sent; `settled` follows whatever becomes of it. */
  | { readonly kind: 'asked'; readonly command: string }
  | { readonly kind: 'settled'; readonly command: string }
  | { readonly kind: 'replied'; readonly command: string; readonly reply: Reply; readonly queued?: readonly string[] }
  | ({ readonly kind: 'answered' } & AnswerOutcome)
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | null }
  | { readonly kind: 'noticed'; readonly text: string }
  /** The terminal is ours again, after another program had it. */
  | { readonly kind: 'returned' }
  /** Nobody reads what is typed into this agent any more; without a reason because the person left it. */
  | { readonly kind: 'left'; readonly id: string; readonly reason: string | null };

type Replied = Pick<Extract<Happening, { readonly kind: 'replied' }>, 'reply' | 'queued'>;

const replied = (
  view: ScreenState,
  command: string,
  { reply, queued = [] }: Replied,
  now: number | undefined,
): ScreenState => {
  const { message, hint, exit, confirm, text } = reply;
  if (confirm && view.dialog) {
    // Whoever is about to answer one question must not answer another.
    const again = queued.length === 0 ? 'Answer this question, then run it again.' : `Not run: ${queued.join('; ')}`;
    return { ...view, answer: { tone: 'note', text: `not done: ${command}`, hint: again } };
  }
  if (confirm) {
    const { targets, loses, token } = confirm;
    // A letter that is meant for something else must not be taken for a Yes.
    const interrupts = view.answering !== null || view.prompt.characters.length > 0;
    const came = now === undefined ? {} : { came: now };
    const dialog = { command, targets, loses, token, queued, yes: false, interrupts, ...came };
    return { ...view, answer: null, page: null, dialog };
  }
  const kept = exit === 0 || queued.length === 0 ? hint : `Not run: ${queued.join('; ')}`;
  const answer: Answer = { tone: exit === 0 ? 'ok' : 'error', text: message, hint: kept };
  const lines = text.trimEnd().split('\n');
  if (lines.length === 1) return { ...view, answer };
  // What the page says need not be said twice.
  return { ...view, answer: exit === 0 ? null : answer, page: { title: command, lines, top: 0 } };
};

/** Folds what happened around the view into it, at this time by the clock of the keys. */
export const reduceView = (view: ScreenState, happening: Happening, now?: number): ScreenState => {
  switch (happening.kind) {
    case 'instances': {
      const { ids, shown } = happening;
      // Who types into an agent that goes away must not type into another one.
      const isOver = view.typing !== null && view.typing.over === null && !ids.includes(view.typing.id);
      const now = isOver ? { ...view, typing: { ...view.typing, over: 'it is gone' } } : view;
      if (view.selected !== null && shown.includes(view.selected)) return now;
      return { ...now, selected: shown[0] ?? null, zoomed: false, scroll: null };
    }
    case 'left': {
      if (view.typing?.id !== happening.id) return view;
      if (happening.reason === null) return typingEnded(view);
      return { ...view, typing: { ...view.typing, over: happening.reason } };
    }
    case 'asked':
      return { ...view, running: view.running + 1, handing: view.handing || handsOver(happening.command) };
    case 'settled':
      return { ...view, running: view.running - 1, handing: view.handing && !handsOver(happening.command) };
    case 'replied':
      return replied(view, happening.command, happening, now);
    case 'answered':
      return answerTold(view, happening);
    case 'returned':
      return now === undefined ? view : inSight(view, now);
    case 'noticed':
      return { ...view, answer: { tone: 'note', text: happening.text, hint: null } };
    case 'failed': {
      const answer: Answer = { tone: 'error', text: happening.message, hint: happening.hint };
      return { ...view, answer };
    }
  }
};
