import type { Attention } from '../../attention/attention.ts';
import type { Surroundings } from '../../attention/step.ts';
import type { Outlook } from '../../attention/outlook.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Question } from '../../attention/question.ts';
import type { Hint } from '../../ports/hint.ts';
import type { OpenTab } from '../tabs/tab.ts';
import type { AgentStats } from './agent-stats.ts';
import type { Layout } from './layout.ts';
import type { ScreenState } from './screen-state.ts';

/** Where a pane is read back: the first line on the screen, counted from 0, of all lines that the agent printed. */
export type ReadingPosition = { readonly id: string; readonly first: number; readonly lines: number };

/** Everything that a panel may show. */
export type ScreenModel = {
  readonly state: State;
  readonly connected: boolean;
  /** Since when the daemon answers nothing, in milliseconds since 1970; null while it does, or there is none. */
  readonly silentSince: number | null;
  readonly repository: string;
  readonly instances: readonly Instance[];
  readonly screen: ScreenState;
  /** The lines that a guide says; none without one. */
  readonly caption: readonly string[];
  readonly layout: Layout;
  /** What is known of the command being typed; null while there is none. */
  readonly hint: Hint | null;
  /** What most likely follows the typed text; shown in grey behind it. */
  readonly ghost: string;
  /** The questions of the agents that wait, by the agents' names. */
  readonly questions: ReadonlyMap<string, Question>;
  /** The last lines on the terminal of the agent whose question is open. */
  readonly tail: readonly string[];
  /** The view that is open instead of the agents' panes. */
  readonly open: OpenTab | null;
  readonly now: number;
  /** What is read back in a pane; null while every pane is live. */
  readonly reading: ReadingPosition | null;
  /** What agents use and have changed, by their names. */
  readonly stats: ReadonlyMap<string, AgentStats>;
  /** What needs a person, and what can be done next. */
  readonly attention: Attention;
  /** What is known of the place that the swarm works in; null before anybody has looked. */
  readonly surroundings: Surroundings | null;
  /** How the work under way goes on by itself. */
  readonly outlook: Outlook;
  /** The agents that need a person, in the order in which they should be looked at. */
  readonly queue: readonly string[];
};
