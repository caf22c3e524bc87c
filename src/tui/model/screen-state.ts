import type { Action } from '../control/key-table.ts';
import type { Question } from '../../attention/question.ts';
import type { Suggestion } from '../../text/suggestions.ts';
import type { Arrangement } from '../panes/arrangement.ts';
import { emptyPrompt, type PromptState } from '../prompt/prompt-state.ts';
import type { TabId } from '../tabs/tab-ids.ts';
import type { TextSearch } from './text-search.ts';
import { initialTabs, type ShownView, type TabStates } from '../tabs/tab-state.ts';

/** One line about the last command: what it did, why it failed, or a note. */
export type StatusMessage = {
  readonly tone: 'ok' | 'warning' | 'error' | 'note';
  readonly text: string;
  readonly hint: string | null;
};

/** A question before something is destroyed. `yes` is what Enter would say; it starts as No. */
export type Dialog = {
  /** By default the question whether one is sure. */
  readonly title?: string;
  readonly command: string;
  readonly targets: readonly string[];
  readonly loses: string;
  /** Confirms the command to the daemon; null where the screen itself asks before anything is sent. */
  readonly token: string | null;
  /** Commands that follow a Yes. */
  readonly queued?: readonly string[];
  readonly yes: boolean;
  /** The dialog came into something that is being typed: then no letter is an answer. */
  readonly interrupts: boolean;
  /** The first line that is shown of a question of several lines. */
  readonly top?: number;
  /**
   * When the dialog came by itself, in milliseconds; missing where a key opened it, and once it has been there long enough to be
   * read. Until then it takes no Yes, and its buttons and keys are dim.
   */
  readonly came?: number;
};

/** Text that needs more than a line; in place of lines, the view whose keys are listed. */
export type Page = {
  readonly title: string;
  readonly lines: readonly string[] | null;
  readonly keysOf?: ShownView;
  /** The keys that are left out there: what they say is refused to who looks. */
  readonly unnamed?: readonly Action[];
  /** The commands that it suggests, by digits. */
  readonly suggestions?: readonly Suggestion[];
  /** The page that suggested the command whose answer this one is: closing it leads back there. */
  readonly under?: Page;
  /** What is looked for in its text, while that is typed. */
  readonly search?: TextSearch;
  readonly top: number;
};

/** The agent that has the keyboard: keys are the agent's until the chord comes. */
export type Typing = {
  readonly id: string;
  /** Why the agent reads no keys any more; null while it does. Keys do nothing else until the person goes back. */
  readonly over: string | null;
  /** Where keys went before, and go again afterwards. */
  readonly focus: ScreenState['focus'];
};

/** A pane that is read back: how many lines above the last one the lowest line on the screen is. */
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

/** Which of the views is open, and what each of them looks at. */
export type TabsState = {
  readonly open: TabId;
  readonly states: TabStates;
  /** A filter of the open view is being typed: keys narrow what the view shows. */
  readonly isFiltering: boolean;
  /** What is looked for in the open view, while it is typed; null: nothing is. */
  readonly searched: string | null;
};

/** How the agents' panes are shown. */
export type PanesState = {
  /** The agent that keys and commands without a name are about; null where there is none. */
  readonly selected: string | null;
  readonly isZoomed: boolean;
  /** How the panes share the screen; `auto` goes by the space. */
  readonly arrangement: Arrangement;
  /** Instances in the order that was asked for; null, and those that came later, in the order of creation. */
  readonly order: readonly string[] | null;
  readonly scroll: Scroll | null;
  readonly typing: Typing | null;
};

type MouseState = {
  /** Whether the mouse is ours; otherwise it is the terminal's own. */
  readonly isHeard: boolean;
  /** The latest press on an agent, in milliseconds: a second one soon after it is a double one. */
  readonly lastPress: { readonly id: string; readonly at: number } | null;
};

/** What is known of the commands that this screen has sent. */
export type CommandsState = {
  /** Those that are not answered yet, and when they were sent, in milliseconds since 1970, where somebody counts. */
  readonly running: readonly { readonly command: string; readonly since: number | null }[];
  /** The terminal is about to be an agent's: what is typed now is meant for it, and nothing here may act on it. */
  readonly isHandingOver: boolean;
  readonly message: StatusMessage | null;
};

/** What stands in front of the view, the dialog before the others. */
export type OverlaysState = {
  readonly dialog: Dialog | null;
  readonly answering: Answering | null;
  readonly page: Page | null;
};

/** What this one screen looks at; nothing of it is known to the daemon. */
export type ScreenState = {
  /** Whether keys go to the open view or to the command line. */
  readonly focus: 'panes' | 'prompt';
  readonly tabs: TabsState;
  readonly panes: PanesState;
  readonly mouse: MouseState;
  readonly prompt: PromptState;
  readonly commands: CommandsState;
  readonly overlays: OverlaysState;
  /** Nothing is drawn and the mouse is the terminal’s own, so that what it selects stays selected. */
  readonly isFrozen: boolean;
  /** When the first Ctrl-C came, in milliseconds by the clock of the keys: a second one soon after it leaves. */
  readonly leavingAt: number | null;
  /** The last key has done what the banner proposed: an Enter by habit is not for what has the keys. */
  readonly hasTakenStep: boolean;
};

/** Whether nothing but the command line is another one. */
export const differsInLineAlone = (a: ScreenState, b: ScreenState): boolean =>
  (Object.keys(a) as (keyof ScreenState)[]).every((part) => part === 'prompt' || a[part] === b[part]);

type PartName = 'tabs' | 'panes' | 'mouse' | 'commands' | 'overlays';

const changerOf =
  <Part extends PartName>(part: Part) =>
  (screen: ScreenState, changes: Partial<ScreenState[Part]>): ScreenState => {
    const before = screen[part];
    const isChange = Object.entries(changes).some(([field, value]) => value !== before[field as keyof typeof before]);
    return isChange ? { ...screen, [part]: { ...before, ...changes } } : screen;
  };

/** The screen with some fields of one of its parts changed; the same screen where they are what they were. */
export const withTabs = changerOf('tabs');
export const withPanes = changerOf('panes');
export const withMouse = changerOf('mouse');
export const withCommands = changerOf('commands');
export const withOverlays = changerOf('overlays');

/** The screen with another last word on a command; null takes it away. */
export const withMessage = (screen: ScreenState, message: StatusMessage | null): ScreenState =>
  withCommands(screen, { message });

/** The screen with a word on what was done, or was not. */
export const withNote = (screen: ScreenState, text: string): ScreenState =>
  withMessage(screen, { tone: 'note', text, hint: null });

/** The screen as it is at first. The command line has the keys: people come to say something. */
export const initialScreen = (ids: readonly string[], history: readonly string[] = []): ScreenState => ({
  focus: 'prompt',
  tabs: { open: 'agents', states: initialTabs, isFiltering: false, searched: null },
  panes: { selected: ids[0] ?? null, isZoomed: false, arrangement: 'auto', order: null, scroll: null, typing: null },
  mouse: { isHeard: true, lastPress: null },
  prompt: { ...emptyPrompt, history },
  commands: { running: [], isHandingOver: false, message: null },
  overlays: { dialog: null, answering: null, page: null },
  isFrozen: false,
  leavingAt: null,
  hasTakenStep: false,
});
