import type { Surroundings } from '../../attention/step.ts';
import type { Replica } from '../../client/replica.ts';
import type { Note } from '../../client/request.ts';
import type { CommandLanguage } from '../../commands/define.ts';
import type { ScreenSink } from '../../ports/swarm.ts';
import type { Identity } from '../../protocol/frame.ts';
import type { AppEvent, State } from '../../state/index.ts';
import type { Candidate, Hint } from '../../ports/hint.ts';
import type { TypedEvent, WebRepository } from '../wire.ts';
import type { PastEvents } from './past-events.ts';

/** Reads a terminal on, until it is closed. */
export type FollowLog = (instance: string, sink: ScreenSink) => { close(): void; readonly ended: Promise<unknown> };

/** Where the terminal of an instance is, as the daemon says it to whoever may type there. */
export type TerminalPlace = { readonly instance: string; readonly session: string; readonly socket: string | null };

/** Types into a terminal. Rejects when that is gone. */
export type Typist = {
  type(events: readonly TypedEvent[]): Promise<void>;
  close(): Promise<void>;
};

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
  readonly hint: (text: string, state: State, reader: Identity) => Hint;
  /** Terminals as they are shown to people: with secrets under stars. */
  readonly follow: FollowLog;
  /** Takes a place at a terminal, as the screen does that types into an agent. */
  readonly openTypist: (place: TerminalPlace) => Promise<Typist>;
  /** The lines that are kept of a terminal, without control sequences. */
  readonly printed: (instance: string) => AsyncIterable<string>;
};
