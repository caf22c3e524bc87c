import type { Question } from '../answering/question.ts';
import type { Arrangement } from '../panes/arrangement.ts';
import { emptyPrompt, type PromptState } from '../prompt/prompt-state.ts';
import type { TabId } from '../tabs/tab-ids.ts';
import { initialTabs, type TabStates } from '../tabs/tab-state.ts';

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
export const initialScreen = (ids: readonly string[], history: readonly string[] = []): ScreenState => ({
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

/** An agent has the keyboard: what is typed is its own until the chord comes. */
export type Typing = {
  readonly id: string;
  /** Why nobody reads there any more. Keys are kept from everything else until the person goes back. */
  readonly over: string | null;
  /** What the view goes back to. */
  readonly mode: ScreenState['mode'];
};

/** A pane that is read back: so many lines above its last one are the lowest on the screen. */
type Scroll = { readonly id: string; readonly above: number };

/** The dialogue in which an agent is answered. */
export type Answering = {
  readonly question: Question;
  /** The choice that Enter takes while nothing is typed; null: none yet. */
  readonly chosen: number | null;
  readonly line: PromptState;
  /** The answer is on its way, or did not arrive. */
  readonly sending: boolean;
  readonly trouble: string | null;
};

/** What became of an answer; without trouble the agent took it and goes on. */
export type AnswerOutcome = {
  readonly instance: string;
  readonly mark: string;
  readonly answer: string;
  readonly trouble: string | null;
};
