import { setTimeout as pause } from 'node:timers/promises';
import { type Agent, runHooks } from './agents.ts';
import { closeDialogs } from './dialogs.ts';
import { type Block, callModel, type Message, ServiceError } from './model.ts';
import { type Arguments, behaviour } from './options.ts';
import { recorder } from './recorder.ts';
import { draw, say, sayOn, view } from './screen.ts';
import { saveSession, session } from './sessions.ts';
import { type Call, callOf, mayUse, runTool } from './tools.ts';

/** The turn that goes on; what is typed meanwhile steers it. */
type Turn = { readonly stop: AbortController; readonly steered: string[] };

let turn: Turn | null = null;

export const isAtWork = (): boolean => turn !== null;
export const steer = (text: string): void => void turn?.steered.push(text);

const WORKING = {
  v2: 'Kiro is working · 0.1s · Type to steer · Ctrl+S to queue',
  v3: 'Working(1s • esc to interrupt)',
};
const TRIES = 3;
const AGAIN_MS = 400;
const CANCEL_MS = 70;

const tell = (update: object): void => recorder.notify('session/update', { sessionId: session.id, update });
const textOf = (text: string) => ({ type: 'text', text }) as const;

/** Gives up what goes on: both sides are told, and nobody runs a hook. */
export const interrupt = (): void => {
  if (!turn || turn.stop.signal.aborted) return;
  recorder.notify('session/cancel', { sessionId: session.id }, 'out');
  turn.stop.abort();
  closeDialogs();
};

/** Calls the model, and again when the service refuses it for a while. */
const call = async (signal: AbortSignal): Promise<readonly Block[]> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await callModel(session.messages, signal, (text) => {
        sayOn(text);
        tell({ sessionUpdate: 'agent_message_chunk', content: textOf(text) });
      });
    } catch (error) {
      const status = error instanceof ServiceError ? error.status : -1;
      if (status === 429) {
        const message = 'Request quota exceeded. Please wait a moment and try again.';
        recorder.notify('_kiro.dev/error/rate_limit', { sessionId: session.id, message });
      }
      if (![0, 429, 500].includes(status) || tries === TRIES) throw error;
      await pause(AGAIN_MS, undefined, { signal });
    }
  }
};

const use = async (one: Call, agent: Agent, given: Arguments): Promise<string> => {
  const { id: toolCallId, title, kind, input: rawInput } = one;
  tell({ sessionUpdate: 'tool_call', toolCallId, title, kind, status: 'pending', rawInput });
  const about = { session_id: session.id, tool_name: one.name, tool_input: rawInput };
  if ((await runHooks(agent, 'preToolUse', about)) === 2) return 'A hook has blocked it.';
  const verdict = await mayUse(one, agent, given);
  const { signal } = turn!.stop;
  if (verdict === undefined && behaviour.escape === 'turn') interrupt();
  if (signal.aborted || verdict === undefined) return 'Cancelled';
  const output = verdict ?? (await runTool(one, signal));
  const isDone = verdict === null && !signal.aborted;
  tell({ sessionUpdate: 'tool_call_update', toolCallId, status: isDone ? 'completed' : 'failed' });
  if (isDone) await runHooks(agent, 'postToolUse', { ...about, tool_response: { success: true, result: [output] } });
  return output;
};

/** Calls and tools until the model has nothing more to do. */
const work = async (agent: Agent, given: Arguments): Promise<string> => {
  const { stop, steered } = turn!;
  for (;;) {
    say('');
    const content = await call(stop.signal);
    session.messages.push({ role: 'assistant', content });
    const wanted = content.filter((block) => block.type === 'tool_use');
    const results: Block[] = [];
    for (const { id, name, input } of wanted) {
      say(`● ${name}`);
      results.push({ type: 'tool_result', tool_use_id: id, content: await use(callOf(id, name, input), agent, given) });
      stop.signal.throwIfAborted();
    }
    const words = steered.splice(0).map(textOf);
    if (wanted.length === 0 && words.length === 0)
      return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    session.messages.push({ role: 'user', content: [...results, ...words] });
  }
};

const finish = (id: number): void => {
  if (view.engine === 'v2')
    recorder.notify('_kiro.dev/metadata', {
      ...{ sessionId: session.id, contextUsagePercentage: 3, meteringUsage: [{ unit: 'credit', value: 0.24 }] },
      turnDurationMs: 3000,
    });
  recorder.trouble();
  recorder.result(id, { stopReason: 'end_turn' });
};

/** How a refusal of the service ends a turn; true when the program ends with it. */
const fail = (id: number, { status, message }: ServiceError): boolean => {
  if (status === 401) {
    say('Authentication Error: your session has expired. Please log in again.');
    recorder.failure(id, 'Authentication Error: please log in again');
    return true;
  }
  if (status === 429) {
    say('Monthly request limit reached\nThe limits reset on 12/01.');
    if (behaviour.monthly === 'screen') recorder.result(id, { stopReason: 'end_turn' });
    else recorder.failure(id, 'Monthly request limit reached. MONTHLY_REQUEST_COUNT');
    return false;
  }
  const words = status === 500 ? 'Kiro is having trouble responding right now' : message.slice(0, 200);
  say(words);
  recorder.failure(id, words);
  return false;
};

const end = async (id: number, error: unknown): Promise<boolean> => {
  if (turn!.stop.signal.aborted) {
    say('● Cancelled');
    await pause(CANCEL_MS);
    recorder.result(id, { stopReason: 'cancelled' });
    return false;
  }
  return fail(id, error instanceof ServiceError ? error : new ServiceError(1, String(error)));
};

/** One turn; resolves with whether the program has to end because it is not logged in any more. */
export const takeTurn = async (prompt: string, agent: Agent, given: Arguments): Promise<boolean> => {
  const id = recorder.request('session/prompt', { sessionId: session.id, prompt: [textOf(prompt)] });
  turn = { stop: new AbortController(), steered: [] };
  view.doing = view.engine === 'v3' ? WORKING.v3 : WORKING.v2;
  say(`\n> ${prompt}`);
  const opened: Message = { role: 'user', content: [textOf(prompt)] };
  session.messages.push(opened);
  let mustEnd = false;
  try {
    await runHooks(agent, 'userPromptSubmit', { session_id: session.id, prompt });
    const assistant_response = await work(agent, given);
    await runHooks(agent, 'stop', { session_id: session.id, assistant_response });
    finish(id);
    say(view.engine === 'v2' ? '\n▸ Credits: 0.24 • Time: 3s' : '');
  } catch (error) {
    mustEnd = await end(id, error);
  }
  turn = null;
  view.doing = null;
  saveSession(view.engine);
  draw();
  return mustEnd;
};
