import { appendFileSync } from 'node:fs';
import { messageOf } from '../lib/errors.ts';
import type { Desk } from './desk.ts';
import { type Key, keyReader } from './keys.ts';
import { readOptions } from './options.ts';
import { openHoard } from './runaway.ts';
import { type Output, openScreen } from './screen.ts';
import { openPurse } from './spend.ts';
import { spoolTo } from './spool.ts';
import { type Outcome, perform, type Task } from './work.ts';

/** The program's surroundings. `stop` ends it from outside; its reason is the exit code. */
export type Place = {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly input: NodeJS.ReadableStream & { setRawMode?(raw: boolean): unknown };
  readonly output: Output;
  readonly stop: AbortSignal;
};

const TASK = /^Task (?<id>\S+): read (?<file>\S.*?)(?: and do what it says)?\.?$/u;
const CRASHED = 1;
const ENDED = 'ended from outside';
const INTERRUPTED = { interrupted: true, last_assistant_message: '', background_tasks: [] };

const open = ({ argv, env, cwd, output }: Place) => {
  const options = readOptions(argv, env);
  const screen = openScreen(output, env['NO_COLOR'] === undefined);
  const tell = spoolTo(env, { session_id: options.conversation, cwd });
  screen.say(`✻ Drover rehearsal · ${options.name}`, 'accent');
  screen.say(`  ${options.resumed ? 'resumed' : 'new'} conversation ${options.conversation}`, 'dim');
  if (options.mode !== undefined) screen.say(`  ${options.mode} mode · autonomy ${options.autonomy}`, 'warn');
  screen.say('  no model is asked · Ctrl-C interrupts · /quit leaves', 'dim');
  return { options, screen, tell, means: { spend: openPurse(tell), take: openHoard() } };
};

type Parts = ReturnType<typeof open>;

/** Plays one task after the other. `run` adds one, `interrupt` gives up the present one, `answer` is for its question. */
const openWorker = ({ options, screen, tell, means }: Parts, place: Place, crash: () => void) => {
  const waiting: { task: Task; prompt: string }[] = [];
  let current: AbortController | undefined;
  let reply: ((answer: string) => void) | undefined;
  let finished = Promise.resolve();

  const ask = async (question: string, signal: AbortSignal): Promise<string> => {
    screen.say(`? ${question}`, 'warn');
    screen.mark('?');
    const tool = { tool_name: 'AskUserQuestion', tool_input: { questions: [{ question }] } };
    tell('PermissionRequest', tool);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    reply = resolve;
    try {
      const answer = await promise;
      tell('PostToolUse', tool);
      return answer;
    } finally {
      reply = undefined;
      screen.mark('❯');
    }
  };

  const close = (outcome: Outcome) => {
    if (outcome.kind === 'crashed') {
      screen.say('Error: rehearsed crash', 'bad');
      waiting.length = 0;
      return crash();
    }
    const failed = outcome.kind === 'failed';
    screen.say(`● ${failed ? outcome.message : outcome.summary}`, failed ? 'bad' : 'good');
    if (failed) return tell('StopFailure', { error: 'unknown', last_assistant_message: outcome.message });
    return tell('Stop', { last_assistant_message: outcome.summary, background_tasks: [] });
  };

  const play = async (task: Task, prompt: string, { signal }: AbortController) => {
    const desk: Desk = {
      ...{ ...means, cwd: place.cwd, env: place.env, options, signal, say: screen.say },
      raw: (text) => screen.raw(text, signal),
      ask: (question) => ask(question, signal),
      progress: (percent, note) => tell('Progress', { percent, note }),
      wrote: (path) => tell('PostToolUse', { tool_name: 'Write', tool_input: { file_path: path } }),
    };
    tell('UserPromptSubmit', { prompt });
    try {
      close(await perform(task, desk));
    } catch (error) {
      if (!signal.aborted) return close({ kind: 'failed', message: messageOf(error) });
      screen.say('  interrupted', 'warn');
      if (signal.reason !== ENDED) tell('Stop', INTERRUPTED);
    }
  };

  const next = async (): Promise<void> => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      current = new AbortController();
      await play(job.task, job.prompt, current);
      current = undefined;
    }
  };

  return {
    run: (task: Task, prompt: string) => {
      waiting.push({ task, prompt });
      if (current) screen.say('  queued', 'dim');
      else finished = next();
    },
    answer: (text: string): boolean => {
      const asked = reply;
      reply = undefined;
      asked?.(text);
      return asked !== undefined;
    },
    interrupt: () => current?.abort(),
    /** Gives all tasks up; resolves when nothing of them runs any more. A program that is ended from outside tells nobody. */
    end: async (told: boolean) => {
      waiting.length = 0;
      current?.abort(told ? undefined : ENDED);
      await finished;
    },
  };
};

/** What a submitted line does. */
const listener = ({ options, screen }: Parts, worker: ReturnType<typeof openWorker>, quit: () => void) => {
  const log = (line: string) => {
    if (options.inputLog) appendFileSync(options.inputLog, `${line}\n`);
  };
  return (line: string) => {
    log(line);
    screen.say(`❯ ${line}`, 'dim');
    if (worker.answer(line)) return;
    if (line.trim() === '/quit') return quit();
    const { id, file } = TASK.exec(line.trim())?.groups ?? {};
    if (id !== undefined && file !== undefined) return worker.run({ id, briefFile: file }, line);
    return screen.say(`heard: ${line}`);
  };
};

/** Makes lines of keys. The line that is being typed lives here and nowhere else. */
const editor = (parts: Parts, submit: (line: string) => void, act: { interrupt(): void; quit(): void }) => {
  let typed = '';
  const change = (text: string) => {
    typed = text;
    parts.screen.edit(text);
  };
  return (key: Key) => {
    if (key.kind === 'text') return change(typed + key.text);
    if (key.kind === 'erase') return change([...typed].slice(0, -1).join(''));
    if (key.kind === 'interrupt') act.interrupt();
    if (key.kind === 'end') return act.quit();
    const line = typed;
    change('');
    return key.kind === 'enter' && line.trim() !== '' ? submit(line) : undefined;
  };
};

/** Runs the rehearsal agent until it is told to leave, crashes, or its terminal is gone; resolves with the exit code. */
export const runRehearsal = async (place: Place): Promise<number> => {
  const { input, stop } = place;
  const parts = open(place);
  using screen = parts.screen;
  const ended = Promise.withResolvers<number>();
  const quit = () => ended.resolve(0);
  const worker = openWorker(parts, place, () => ended.resolve(CRASHED));
  const submit = listener(parts, worker, quit);
  const press = editor(parts, submit, { interrupt: worker.interrupt, quit });
  const read = keyReader();
  const data = (chunk: string) => read(chunk).forEach(press);
  const stopped = () => ended.resolve(stop.reason as number);
  stop.addEventListener('abort', stopped, { once: true });
  input.setRawMode?.(true);
  input.setEncoding('utf8');
  input.on('data', data).once('end', quit).on('error', quit);
  screen.edit('');
  parts.tell('SessionStart', { source: parts.options.resumed ? 'resume' : 'startup' });
  if (parts.options.prompt !== undefined) submit(parts.options.prompt);
  const code = await ended.promise;
  // Errors are still listened to: a terminal that goes away may report that late.
  input.off('data', data).off('end', quit);
  stop.removeEventListener('abort', stopped);
  if (code !== CRASHED) {
    await worker.end(code === 0);
    parts.tell('SessionEnd', { reason: code === 0 ? 'prompt_input_exit' : 'other' });
  }
  input.setRawMode?.(false);
  input.pause();
  return code;
};
