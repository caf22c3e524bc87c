import type { MaySay } from '../../attention/attention.ts';
import type { Step } from '../../attention/step.ts';
import type { Question } from '../../attention/question.ts';
import type { Rect } from '../compositor/layers.ts';
import type { InputEvent } from '../input/decoder.ts';
import type { State } from '../../state/index.ts';
import type { Page, ScreenState } from '../model/screen-state.ts';
import type { Shape } from '../panes/arrangement.ts';
import type { PaneBounds } from '../panes/pane-bounds.ts';
import type { Candidate, Hint } from '../../ports/hint.ts';
import type { ReviewTool } from '../review/review-tool.ts';
import type { OpenTab } from '../tabs/tab.ts';
import type { TabBounds } from '../tabs/tab-labels.ts';
import type { WrappedRow } from '../widgets/wrap-lines.ts';

/** What a key asks of the world around the screen. */
export type Effect =
  /** Runs a command; the `queued` ones follow where it is carried out. */
  | { readonly kind: 'run'; readonly text: string; readonly confirm?: string; readonly queued?: readonly string[] }
  /** Answers the question of this agent that has this mark, with which the agent waits since then (ISO 8601). */
  | {
      readonly kind: 'answer';
      readonly instance: string;
      readonly since: string;
      readonly mark: string;
      readonly answer: string;
    }
  /** Gives the keyboard to this agent, hands it what is typed, and takes the keyboard back. */
  | { readonly kind: 'begin-typing'; readonly id: string }
  | { readonly kind: 'type'; readonly event: InputEvent }
  | { readonly kind: 'end-typing' }
  /** Gives the terminal to a program of the person's own. */
  | { readonly kind: 'tool'; readonly tool: ReviewTool }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'quit' };

/** The screen after one key, and what the key asks of the world. */
export type KeyResult = { readonly screen: ScreenState; readonly effect?: Effect };

/** The screen after several keys, and what the keys ask of the world, in their order. */
export type InputResult = { readonly screen: ScreenState; readonly effects: readonly Effect[] };

/** How far a page can be scrolled: how many of its lines are above the screen at most, and how many on it. */
export type PageRoom = { readonly most: number; readonly height: number };

/** A line of a suggestion that a digit chooses, and where it stands on the screen. */
export type SuggestionBounds = { readonly digit: string; readonly rect: Rect };

/** The rows of the selected pane, and how many lines are above them; null while that is not known. */
export type ScrollRoom = { readonly most: number | null; readonly height: number };

/** What the meaning of a key depends on beside the state of the screen. */
export type KeyContext = {
  readonly state: State;
  /** Instances in the order of their panes. */
  readonly ids: readonly string[];
  readonly columns: number;
  readonly perPage: number;
  readonly shape: Shape;
  /** How many pages of tiles there are. */
  readonly pages: number;
  /** Who needs a person, in the order in which they should be looked at. */
  readonly queue: readonly string[];
  readonly scroll: ScrollRoom;
  readonly bounds: readonly PaneBounds[];
  readonly tabBounds: readonly TabBounds[];
  /** The suggestions of the page in front; none where a question stands before it. */
  readonly suggestionBounds: readonly SuggestionBounds[];
  /** Whether the terminal that is typed into asked for the mouse. */
  readonly mouseWanted: boolean;
  /** The time in milliseconds as it passes: not in the steps in which ages are shown. */
  readonly now: number;
  readonly page: PageRoom;
  /** The text of the rows of a page that scroll. */
  readonly pageRows: (page: Page) => readonly WrappedRow[];
  /** The tab that such a screen has open; null for the panes. A burst of keys may open one and go on in it. */
  readonly openIn: (screen: ScreenState) => OpenTab | null;
  /** What to do now. */
  readonly suggestion: Step | null;
  readonly complete: (text: string) => readonly Candidate[];
  /** The command that the empty command line offers; null while it offers none. */
  readonly example: string | null;
  /** What a command would do. */
  readonly hint: (text: string) => Hint;
  /** Whether whoever presses keys may say a line, as far as their role tells. */
  readonly maySay: MaySay;
  /** The questions of the agents that wait, by the agents' names. */
  readonly questions: ReadonlyMap<string, Question>;
};

/** Gives a key its meaning; undefined where it has none. */
export type KeyHandler = (screen: ScreenState, key: string, context: KeyContext) => KeyResult | undefined;
