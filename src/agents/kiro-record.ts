import { oneLine, shorten, withoutControls } from '../lib/text.ts';
import type { AgentRecord, Asked, RecordReader, Signal, Told, Use } from './adapter.ts';
import { failureIn } from './failure.ts';
import { kiroFailureIn } from './kiro-failure.ts';
import {
  type Frame,
  frameOf,
  type Permission,
  permissionOf,
  type ToldCall,
  type Update,
  updateOf,
} from './kiro-frames.ts';
import { callUse, inWords, type ToolCall, writtenPath } from './kiro-tools.ts';
import { questionsPut } from './questions.ts';

const SUMMARY = 2000;
const QUESTION = 500;
/** How many tool calls are remembered: those that may still be asked about are among the last ones. */
const MOST_CALLS = 500;

/** What is known of one start of Kiro, from its frames so far. */
type Fold = {
  /** Its own session; those of its helpers are others. */
  main: string | undefined;
  /** The open prompt of its own session. */
  prompt: string | undefined;
  /** What it said last in this turn, and whether it did or said anything. */
  words: string;
  isSilent: boolean;
  /** The words of a limit that nothing has come after. */
  limit: string | undefined;
  /** Requests of the interface for a session, with the one they name. */
  readonly sessions: Map<string, string>;
  /** Requests of the engine that wait for an answer. */
  readonly open: Map<string, Use>;
  readonly calls: Map<string, ToolCall>;
};

/** Signals; `opens` and `closes` name the request that they are about. */
type News = { readonly signals: readonly Signal[]; readonly opens?: string; readonly closes?: string };

const NOTHING: News = { signals: [] };
const one = (signal: Signal): News => ({ signals: [signal] });

const helperOf = ({ main }: Fold, session: string): string | null =>
  session === '' || main === undefined || session === main ? null : session;

/** A tool call with what was told of it before. */
const rememberedCall = ({ calls }: Fold, { toolCallId, title, kind, rawInput }: ToldCall): ToolCall => {
  const known = calls.get(toolCallId) ?? { title: '', kind: '', input: {} };
  const input = Object.keys(rawInput).length > 0 ? rawInput : known.input;
  const call = { title: title || known.title, kind: kind || known.kind, input };
  calls.delete(toolCallId);
  calls.set(toolCallId, call);
  if (calls.size > MOST_CALLS) calls.delete(calls.keys().next().value!);
  return call;
};

/** The third engine asks questions of the person as it asks for permissions, with choices that all mean this one time. */
const isQuestion = ({ options }: Permission): boolean =>
  options.length > 1 && options.every(({ kind, optionId }) => kind === 'allow_once' && /-option-\d+$/u.test(optionId));

const questionAsked = ({ options }: Permission, title: string, helper: string | null): Asked => {
  const question = oneLine(title) || 'It asks.';
  const labels = options.map(({ name }) => ({ label: oneLine(name) }));
  return {
    ...{ tool: 'AskUserQuestion', subject: question, helper, whole: true },
    questions: [{ question, options: labels }],
  };
};

const wordsOf = (asks: Asked): string => shorten(questionsPut(asks) ?? `May it use ${inWords(asks)}?`, QUESTION);

const asksFor = (fold: Fold, frame: Frame): News => {
  const asked = permissionOf(frame);
  if (!asked) return NOTHING;
  const helper = helperOf(fold, asked.sessionId);
  const call = rememberedCall(fold, asked.toolCall);
  const asks = isQuestion(asked) ? questionAsked(asked, call.title, helper) : { ...callUse(call), helper };
  fold.open.set(frame.key, { ...asks, done: false });
  return { ...one({ kind: 'waiting', question: wordsOf(asks), asks }), opens: frame.key };
};

/** The answer to a request: one that is like another open one leaves that in its place. */
const answered = ({ open }: Fold, key: string): News => {
  const use = open.get(key)!;
  open.delete(key);
  const isLike = (other: Use): boolean =>
    other.tool === use.tool && other.subject === use.subject && other.helper === use.helper;
  if ([...open.values()].some(isLike)) return { ...NOTHING, closes: key };
  return { ...one({ kind: 'working', note: 'its question is answered', use: { ...use, done: true } }), closes: key };
};

const began = (fold: Fold, { key, session }: Frame): News => {
  fold.main ??= session;
  if (session !== fold.main) return NOTHING;
  Object.assign(fold, { prompt: key, words: '', isSilent: true, limit: undefined });
  return one({ kind: 'working' });
};

const endOf = ({ limit, words }: Fold, { result, error }: Frame): Signal => {
  if (error) return kiroFailureIn(`${error.message} ${typeof error.data === 'string' ? error.data : ''}`.trim());
  const reason = String(result?.['stopReason'] ?? '');
  if (reason === 'cancelled') return { kind: 'rests' };
  if (reason !== 'end_turn') return failureIn(`its turn ended: ${reason || 'no reason given'}`);
  if (limit !== undefined) return kiroFailureIn(limit);
  const summary = shorten(withoutControls(words).trim(), SUMMARY);
  return summary === '' ? { kind: 'finished' } : { kind: 'finished', summary };
};

const ended = (fold: Fold, frame: Frame): News => {
  fold.prompt = undefined;
  fold.open.clear();
  return one(endOf(fold, frame));
};

const sessionBegan = (fold: Fold, { result }: Frame, named: string): News => {
  const told = result?.['sessionId'];
  fold.main = typeof told === 'string' ? told : named || fold.main;
  fold.prompt = undefined;
  fold.open.clear();
  return fold.main === undefined ? NOTHING : one({ kind: 'ready', conversation: fold.main });
};

/** What the engine answered to a request of the interface. */
const engineAnswered = (fold: Fold, frame: Frame): News => {
  const { key, result, error } = frame;
  const named = fold.sessions.get(key);
  fold.sessions.delete(key);
  if (key === fold.prompt) return ended(fold, frame);
  if (named !== undefined) return error ? NOTHING : sessionBegan(fold, frame, named);
  // Of a turn whose beginning was lost with the lines before.
  return fold.prompt === undefined && result?.['stopReason'] !== undefined ? ended(fold, frame) : NOTHING;
};

const toolUsed = (fold: Fold, told: Update, helper: string | null): News => {
  const call = rememberedCall(fold, told);
  const use = { ...callUse(call), helper };
  const path = told.status === 'completed' ? writtenPath(call) : undefined;
  if (path !== undefined) return one({ kind: 'touched', path, note: inWords(use), use: { ...use, done: true } });
  if (told.sessionUpdate !== 'tool_call') return NOTHING;
  // What goes on beside a question does not answer it.
  return fold.open.size > 0 || fold.prompt === undefined ? NOTHING : one({ kind: 'working', note: inWords(use) });
};

const updated = (fold: Fold, frame: Frame): News => {
  const told = updateOf(frame);
  const helper = helperOf(fold, frame.session);
  if (!told) return NOTHING;
  const { sessionUpdate: what } = told;
  if (helper === null && (what === 'agent_message_chunk' || what === 'tool_call')) {
    fold.isSilent = false;
    fold.limit = undefined;
    fold.words = what === 'tool_call' ? '' : `${fold.words}${told.content.text}`.slice(-2 * SUMMARY);
  }
  return what === 'tool_call' || what === 'tool_call_update' ? toolUsed(fold, told, helper) : NOTHING;
};

const compacted = ({ open, prompt }: Fold, { params }: Frame): News => {
  const status = JSON.stringify(params['status']) ?? '';
  if (status.includes('started')) return open.size > 0 ? NOTHING : one({ kind: 'working', note: 'compaction' });
  // One that a person asked for is no turn of its own.
  return prompt === undefined && /completed|failed/u.test(status) ? one({ kind: 'rests' }) : NOTHING;
};

const limited = (fold: Fold, { params }: Frame): News => {
  const said = params['message'];
  fold.limit = (typeof said === 'string' && oneLine(said)) || 'rate limit reached';
  return fold.open.size > 0 ? NOTHING : one({ kind: 'working', note: shorten(`retrying: ${fold.limit}`, 200) });
};

const fromEngine = (fold: Fold, frame: Frame): News => {
  const { method } = frame;
  if (method === undefined) return engineAnswered(fold, frame);
  if (method === 'session/request_permission') return asksFor(fold, frame);
  if (method === 'session/update') return updated(fold, frame);
  if (method.endsWith('/compaction/status')) return compacted(fold, frame);
  return method.endsWith('/error/rate_limit') ? limited(fold, frame) : NOTHING;
};

const fromInterface = (fold: Fold, frame: Frame): News => {
  const { method, key, session } = frame;
  if (method === undefined) return fold.open.has(key) ? answered(fold, key) : NOTHING;
  if (method === 'session/prompt') return began(fold, frame);
  if (method === 'session/new' || method === 'session/load') fold.sessions.set(key, session);
  return NOTHING;
};

/** Reads a record on; several lines at once are one piece of news. */
const reader = (conversation: string | null): RecordReader => {
  const fold: Fold = {
    ...{ main: conversation ?? undefined, prompt: undefined, words: '', isSilent: true, limit: undefined },
    ...{ sessions: new Map(), open: new Map(), calls: new Map() },
  };
  const newsOf = (line: string): readonly (News & { readonly at: number })[] => {
    const frame = frameOf(line);
    if (!frame) return [];
    return [{ at: frame.at, ...(frame.dir === 'in' ? fromEngine : fromInterface)(fold, frame) }];
  };
  return {
    take: (lines): readonly Told[] => {
      const news = lines.flatMap(newsOf);
      const opened = new Set(news.map(({ opens }) => opens));
      // What the program has answered by itself at once was asked of nobody.
      const isOver = (key: string | undefined): boolean => key !== undefined && opened.has(key) && !fold.open.has(key);
      const told = news.filter(({ opens, closes }) => !isOver(opens) && !isOver(closes));
      return told.flatMap(({ at, signals }) => signals.map((signal) => ({ at, signal })));
    },
    open: () => [...fold.open.keys()],
    isAtWork: () => fold.prompt !== undefined,
    isSilent: () => fold.isSilent,
  };
};

/** The frames between Kiro's interface and its engine, as `KIRO_ACP_RECORD_PATH` has it write them down. */
export const kiroRecord: AgentRecord = { reader };
