import type { Attention } from '../../attention/attention.ts';
import type { Outlook } from '../../attention/outlook.ts';
import type { Reply } from '../../ports/swarm.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { ReviewTool } from '../review/review-tool.ts';
import type { Action } from '../control/key-table.ts';
import type { Piece } from '../widgets/pieces.ts';
import type { TabState } from './tab-state.ts';

/** A line of a column. One with an id can be selected; one without belongs to the line with an id above it. */
export type TabLine = {
  readonly pieces: readonly Piece[];
  readonly right?: readonly Piece[];
  readonly id?: string;
  /** What keys are about, where that is not what the line is called; null: nothing that they could be about. */
  readonly about?: string | null;
  /** The command that shows it, where keys are about nothing else. */
  readonly shows?: string;
  /** How it is drawn while it is selected, where the whole of it should not be inverse. */
  readonly chosen?: readonly Piece[];
  /** It is the rest of what the line above says: selected with it, and nothing stands between the two. */
  readonly continues?: boolean;
  /** A heading stands above other lines, and goes where a filter leaves none of them. */
  readonly heading?: boolean;
  /** What a filter looks for in it, where that is not what is drawn. */
  readonly text?: string;
};

export type TabColumn = {
  readonly title: readonly Piece[];
  readonly lines: readonly TabLine[];
  /** Its share of the width beside the others. */
  readonly weight: number;
  /** The text that stands in an empty column. */
  readonly empty?: string;
  /** A filter looks into each of its lines, although none can be selected. */
  readonly isText?: boolean;
  /** Shows its last lines until it is scrolled. */
  readonly fromEnd?: boolean;
};

export type TabBody = { readonly columns: readonly TabColumn[] };

/** The answers to the commands that a tab asks, by the text of the command. */
/** An answer, with what it hung on when it was asked for. */
export type Answer = Reply & { readonly basis?: string | undefined };

export type QueryAnswers = ReadonlyMap<string, Answer>;

/**
 * A command whose answer a tab shows. It is asked again after `everyMs` milliseconds where the swarm has changed, with
 * `always` in any case.
 */
export type Query = {
  readonly text: string;
  readonly everyMs: number;
  readonly always?: boolean;
  /** The answer never becomes another one. */
  readonly once?: boolean;
  /** What the answer hangs on: where that is another text than when it was asked, it is asked again at once. */
  readonly basis?: string;
};

export type TabContext = {
  readonly state: State;
  /** What needs whoever looks at it, and what is offered to them. */
  readonly attention: Attention;
  readonly instances: readonly Instance[];
  readonly now: number;
  readonly own: TabState;
  readonly answers: QueryAnswers;
  /** How the work under way goes on by itself. */
  readonly outlook: Outlook;
  /** The instance that is selected among the panes. */
  readonly selected: string | null;
  /** How many cells and lines the body has. */
  readonly size: { readonly width: number; readonly height: number };
};

/** What a key did in a tab: how the tab is now, and what is to happen beside that. */
export type TabPressed = {
  readonly own: TabState;
  readonly command?: string;
  /** The beginning of a command that needs the person's words: it is written into the command line. */
  readonly write?: string;
  /** A program of the person's own that gets the terminal. */
  readonly tool?: ReviewTool;
  readonly note?: string;
  /** A command that is asked about first, because it does much at once. */
  readonly ask?: {
    readonly title: string;
    readonly command: string;
    readonly targets: readonly string[];
    readonly does: string;
  };
  /** The task whose work is to be looked at. */
  readonly review?: string;
  /** The agent whose pane is to be looked at. */
  readonly agent?: string;
};

/** A key of a tab: what it does for the selected line, mostly a command; null where it means nothing there. */
export type TabKey = {
  readonly action: Action;
  /** What it does here, in a word or two. */
  readonly help: string;
  /** The same for what is selected now, where that tells more. */
  readonly helpNow?: (context: TabContext) => string;
  /** Whether it can do anything for what is shown now, and for the line that is selected; a key that cannot is not named. */
  readonly isOfUse?: (context: TabContext, id: string | null) => boolean;
  /** What is said where it finds nothing to do for the selected line. */
  readonly otherwise?: string | ((id: string | null, context: TabContext) => string);
} & (
  | { readonly command: (id: string, context: TabContext) => string | null; readonly press?: never }
  | { readonly press: (open: OpenTab, id: string) => TabPressed; readonly command?: never }
);

/** One of the views that share the middle of the screen. Pure: it is given values and says what to draw and to ask. */
export type Tab = {
  /** Ways to show it, gone through by one key. */
  readonly modes: readonly string[];
  /** What is left out until the person asks for it, by one key; null where there is nothing of that kind. */
  readonly folds?: (own: TabState) => string | readonly [more: string, less: string] | null;
  /** What ← and → do where a view can be scrolled to its sides; undefined where it cannot be now. */
  readonly sideways?: (context: TabContext, by: -1 | 1) => TabState | undefined;
  readonly queries?: (context: TabContext) => readonly Query[];
  /** Whether the filter is a part of the queries, so that no line has to be left out afterwards. */
  readonly queriesByFilter?: boolean;
  /** Whether the selected line stays selected, whatever line comes above it. */
  readonly holdsSelection?: boolean;
  readonly body: (context: TabContext) => TabBody;
  /** Why no line of it can be selected yet; undefined where nothing is on its way. */
  readonly waitsFor?: (context: TabContext) => string | undefined;
  readonly keys: readonly TabKey[];
};

/** A tab as it is shown now: its body without what the filter leaves out. */
export type OpenTab = { readonly tab: Tab; readonly context: TabContext; readonly body: TabBody };
