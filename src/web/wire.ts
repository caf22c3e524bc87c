import type { Surroundings } from '../attention/step.ts';
import type { Candidate, Hint } from '../ports/hint.ts';
import type { Reply } from '../ports/swarm.ts';
import type { Identity } from '../protocol/frame.ts';
import type { Role, Signature } from '../protocol/signature.ts';
import type { AppEvent, State } from '../state/index.ts';
import type { Parameter } from '../text/help/parameters.ts';
import type { ResourceRow } from '../text/resource-rows.ts';

/** Where everything of the interface is: the page and scripts ask the same. */
export const API = '/api';

/** Carries the word that `GET /api/session` gives, with every request of a session that is no reading one. */
export const CSRF_HEADER = 'x-drover-csrf';

/** The roles that somebody at the page, or a script, may have. `agent` is none of them. */
export const WEB_ROLES = ['viewer', 'operator', 'integrator', 'admin'] as const satisfies readonly Role[];
export type WebRole = (typeof WEB_ROLES)[number];

/** A repository that is served: its id stands in addresses, its name is for people. */
export type WebRepository = { readonly id: string; readonly name: string };

/** The body of every answer that is none of the daemon: who asks is not known, may not, or asks for what is not there. */
export type Refusal = { readonly error: { readonly code: string; readonly message: string; readonly hint: string } };

/** `POST /api/login`: a token, or the one-time token that stood behind `#once=` in the address. Answered by a `Session`. */
export type LoginRequest = { readonly token: string };

/** `GET /api/session`: who asks. 401 without a session. `POST /api/logout` ends it. */
export type Session = {
  readonly role: WebRole;
  /** Under which name everything is written down that is said with it. */
  readonly actor: string;
  /** `none` where `--no-auth` lets everybody on this machine in. */
  readonly auth: 'token' | 'none';
  readonly repositories: readonly WebRepository[];
  readonly version: string;
  /** Goes into the header `CSRF_HEADER` of each POST; a script that proves itself by `authorization: Bearer` needs none. */
  readonly csrf: string;
  /** When the session ends, in ISO 8601; null where there is none to end. */
  readonly expires: string | null;
};

/** `GET /api/state?repo=ID`: the snapshot that the events of the socket go on from. */
export type Snapshot = {
  readonly seq: number;
  readonly state: State;
  /** `STATE_FORMAT` of the server: another one than that of the page means that the page is of an older build. */
  readonly format: number;
  readonly repository: string;
  /** The clock of the server, in ISO 8601: ages are told by it. */
  readonly now: string;
  /** What the screen proposes by, beside the state; `src/attention` takes it. */
  readonly surroundings: Surroundings | null;
} & DaemonPresence;

/** How the daemon is for the server, and so for all whom that lets in. */
export type DaemonPresence = {
  /** Whether it is there, and since when it is silent, in milliseconds since 1970. */
  readonly connected: boolean;
  readonly silentSince: number | null;
  /** Whom it takes the server for: nobody there may do more than that. Null as long as it has not said so. */
  readonly identity: Identity | null;
};

/**
 * `POST /api/command`: a line of the language, answered by the daemon's whole `Reply`, always with status 200; whether it
 * was carried out `exit` says. Where the role does not allow it the status is 403 and the body the same `Reply`, with exit 4, and a
 * `Refusal` as well.
 */
export type CommandRequest = {
  /** The repository; the first one where it is not said. */
  readonly repo?: string;
  readonly line: string;
  /** The token of `Reply.confirm`, to say the same line again as confirmed. */
  readonly confirm?: string;
  /** By which it is known again when it is repeated after a lost connection, so that it has one effect; up to 40 of [A-Za-z0-9._-]. */
  readonly id?: string;
  /** When the person said it, in ISO 8601: an answer is for no question that came after that. */
  readonly said_at?: string;
  /** What a command reads that takes `-` for the standard input. */
  readonly input?: string;
};
export type CommandAnswer = Reply;

/** A command as help beside the completion shows it. */
export type CommandHelp = {
  readonly verb: string;
  readonly noun: string;
  readonly summary: string;
  readonly example: string;
  /** The least role that may say it, and whether agents may too. */
  readonly role: Role;
  readonly agents: boolean;
  readonly reads: boolean;
  /** Modifiers with which it changes something although it reads. */
  readonly writesWith: readonly string[];
  /** The modifier without which it takes the role operator; null where there is none. */
  readonly looksWith: string | null;
  /** Whether it may have to be confirmed. */
  readonly asks: boolean;
  readonly params: readonly Parameter[];
};

/** `GET /api/language?repo=ID`: what the pure parser needs to read a line in the browser. */
export type LanguageAnswer = {
  readonly signatures: readonly Signature[];
  readonly agents: readonly string[];
  readonly modes: readonly string[];
  readonly commands: readonly CommandHelp[];
};

/** `GET /api/complete?repo=ID&line=TEXT`: the same words and hint as in the prompt bar of the screen. */
export type CompleteAnswer = { readonly candidates: readonly Candidate[]; readonly hint: Hint };

/** `GET /api/logs?repo=ID&text=WORDS[&instance=ID][&task=ID][&limit=N]`: lines of terminals that contain the text, without control sequences. */
export type LogHit = { readonly instance: string; readonly line: number; readonly text: string };
export type LogSearchAnswer = {
  /** The latest of each instance last. */
  readonly hits: readonly LogHit[];
  /** Whether there were more than are given. */
  readonly cut: boolean;
};

/** How the swarm was at a moment, in milliseconds since 1970, until the next one that is told. */
export type PastPoint = {
  readonly at: number;
  /** How many agents waited for somebody. */
  readonly waiting: number;
  /** What was spent by then, of all that ever was. */
  readonly usd: number;
  readonly tokens: number;
};

/** `GET /api/history?repo=ID`: how it was before, from the journal, as far back as it is read; without what cannot be read any more. */
export type HistoryAnswer = { readonly points: readonly PastPoint[] };

/**
 * Something that a person typed: a key by a name such as `enter`, `up`, `ctrl+c` or `alt+b`, a text without control characters, or a
 * text that was pasted, whose lines the program there gets as a paste.
 */
export type TypedEvent =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string };

/** So much is typed or pasted in one frame at most, in characters. */
export const LONGEST_TYPED_TEXT = 64 * 1024;

/** So many keys and texts one frame has at most. */
export const MOST_TYPED_EVENTS = 200;

/**
 * What a page says over the socket `/api/events?repo=ID&since=SEQ`. Frames are JSON, one each. `since` is the number of the
 * last event that the page has folded; without it the events from now on come, and the page asks for a snapshot then.
 */
export type PageFrame =
  /** Follows the terminal of an instance: a `screen` comes first, then what it prints. */
  | { readonly kind: 'log'; readonly instance: string }
  | { readonly kind: 'unlog'; readonly instance: string }
  /** Follows what the processes of the agents take. */
  | { readonly kind: 'resources'; readonly on: boolean }
  /** Takes the keyboard of an instance, or gives it back; answered by a `typing`. A page has one at a time. */
  | { readonly kind: 'typing'; readonly instance: string; readonly on: boolean }
  /** What was typed there since, in order. */
  | { readonly kind: 'typed'; readonly instance: string; readonly events: readonly TypedEvent[] }
  | { readonly kind: 'ping' };

/** What the server says over it. A page passes over kinds that it does not know. */
export type ServerFrame =
  /** First of all: the number of the latest event that the server knows. */
  | { readonly kind: 'hello'; readonly seq: number; readonly format: number }
  | { readonly kind: 'events'; readonly events: readonly AppEvent[] }
  /** Events are missing, or the page was too slow for them: it asks for a new snapshot, and goes on with what follows. */
  | { readonly kind: 'resync' }
  | ({ readonly kind: 'daemon' } & DaemonPresence)
  /**
   * The terminal of an instance anew: a page that follows it begins with an empty one of this size and this text. It comes
   * again when its size changes, and when the page was too slow for what was printed.
   */
  | {
      readonly kind: 'screen';
      readonly instance: string;
      readonly cols: number;
      readonly rows: number;
      readonly text: string;
    }
  /** What the terminal printed next; `offset` counts the bytes since its `screen`, these included. */
  | { readonly kind: 'log'; readonly instance: string; readonly offset: number; readonly data: string }
  /** Nothing more comes of this terminal: its log could not be read. */
  | { readonly kind: 'log-ended'; readonly instance: string; readonly message: string }
  /** What the agents take now, those that changed alone; an instance with null has ended. */
  | { readonly kind: 'resources'; readonly rows: Readonly<Record<string, ResourceRow | null>> }
  /** Whether what is typed reaches the instance from now on; the message says why it does not, null where the page left. */
  | { readonly kind: 'typing'; readonly instance: string; readonly on: boolean; readonly message: string | null }
  | { readonly kind: 'refused'; readonly instance: string | null; readonly message: string }
  | { readonly kind: 'pong' };

/** With this code the server closes a socket whose session has ended; the page asks for a token then. */
export const SESSION_ENDED = 4401;
