import type { Surroundings } from '../../attention/steps.ts';
import type { Replica } from '../../client/replica.ts';
import type { Note } from '../../client/request.ts';
import type { CommandLanguage } from '../../commands/define.ts';
import type { ScreenSink } from '../../ports/swarm.ts';
import type { AppEvent, State } from '../../state/index.ts';
import type { Candidate, Hint } from '../../ports/hint.ts';
import type { WebRepository } from '../wire.ts';
import type { PastEvents } from './past-events.ts';

/** Reads a terminal on, until it is closed. */
export type FollowLog = (instance: string, sink: ScreenSink) => { close(): void; readonly ended: Promise<unknown> };

/** A repository that is served, and what its page shows beside what the daemon says. */
export type ServedRepository = WebRepository & {
  /** Connects with its daemon, and starts one where there is none. */
  readonly open: (heard: (events: readonly AppEvent[] | null) => void) => Promise<Replica>;
  readonly past: PastEvents;
  /** Has something written down in its audit; false where no daemon runs that could. */
  readonly note: (note: Note) => Promise<boolean>;
  readonly language: () => CommandLanguage;
  readonly surroundings: () => Surroundings | null;
  readonly complete: (text: string, state: State) => readonly Candidate[];
  readonly hint: (text: string, state: State) => Hint;
  /** Terminals as they are shown to people: with secrets under stars. */
  readonly follow: FollowLog;
  /** The lines that are kept of a terminal, without control sequences. */
  readonly printed: (instance: string) => AsyncIterable<string>;
};
