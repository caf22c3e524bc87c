import type { ExitCode } from '../lib/errors.ts';
import type { Reply } from '../ports/swarm.ts';
import { type Identity, STORE_FAILED } from '../protocol/frame.ts';
import type { AppEvent, State } from '../state/index.ts';

/** What a daemon says. A later version may say other kinds as well. */
export type DaemonFrame =
  /** All that is known; `crc` is the checksum of the journal there, which an older daemon does not say. */
  | { readonly kind: 'state'; readonly format: number; readonly crc?: number; readonly state: State }
  /** In place of the state: what has happened since the client knew all. */
  | { readonly kind: 'resumed'; readonly crc: number; readonly events: readonly AppEvent[] }
  /** Whom it takes the client for; again whenever other settings give that one another role. */
  | { readonly kind: 'identity'; readonly identity: Identity }
  | { readonly kind: 'events'; readonly crc?: number; readonly events: readonly AppEvent[] }
  /** Where the journal ends, for who asked for events from one on; and where it begins, unless that one is behind its end. */
  | { readonly kind: 'journal'; readonly first?: number; readonly last: number }
  | { readonly kind: 'reply'; readonly id: string; readonly reply: Reply }
  /** It is there and hears what is said. */
  | { readonly kind: 'pong' }
  /** It ends, as a rule because somebody wanted it to. */
  | { readonly kind: 'bye'; readonly why?: string }
  /** It does not understand what was said, or cannot do it because of an error, and ends the connection. */
  | { readonly kind: 'refused'; readonly message: string; readonly error?: Refusal };

/** Whether somebody wanted the daemon to end: one that cannot record anything, its folder being gone say, is found or started again. */
export const isDismissal = (frame: DaemonFrame): boolean => frame.kind === 'bye' && frame.why !== STORE_FAILED;

/** What is known of the error whose sentence stands beside it. */
type Refusal = { readonly code: string; readonly exit: ExitCode; readonly hint: string };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isRefusal = (error: unknown): boolean =>
  isObject(error) &&
  typeof error['code'] === 'string' &&
  typeof error['exit'] === 'number' &&
  typeof error['hint'] === 'string';

const isRight: Readonly<Record<DaemonFrame['kind'], (frame: Record<string, unknown>) => boolean>> = {
  state: ({ state }) => isObject(state) && typeof state['seq'] === 'number',
  identity: ({ identity }) =>
    isObject(identity) && typeof identity['name'] === 'string' && typeof identity['role'] === 'string',
  resumed: ({ crc, events }) => typeof crc === 'number' && Array.isArray(events),
  events: ({ events }) => Array.isArray(events),
  journal: ({ first, last }) => typeof last === 'number' && (first === undefined || typeof first === 'number'),
  reply: ({ id, reply }) => typeof id === 'string' && isObject(reply),
  pong: () => true,
  bye: () => true,
  refused: ({ message, error }) => typeof message === 'string' && (error === undefined || isRefusal(error)),
};

/**
 * Reads what a daemon says: null when it is of a kind that this version does not know, undefined when it is nothing that
 * a daemon says. Only the outermost shape is looked at. A state has thousands of records, and checking each would take
 * longer than reading it: the socket belongs to the user, who trusts his own daemon, and a daemon whose records have
 * another shape says so by the `format` of its state.
 */
export const readDaemonFrame = (text: string): DaemonFrame | null | undefined => {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(frame) || typeof frame['kind'] !== 'string') return undefined;
  if (!Object.hasOwn(isRight, frame['kind'])) return null;
  return isRight[frame['kind'] as DaemonFrame['kind']](frame) ? (frame as unknown as DaemonFrame) : undefined;
};
