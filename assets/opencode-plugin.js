// A plugin that opencode loads for one run: it hands what happens to Drover's hook, in the words of Claude Code's hooks.
// Environment: DROVER_HOOK (the program that reads one message as JSON on stdin).
//
// opencode calls every function that this file exports, so there is one. It never fails and never waits for the hook.
import { spawn } from 'node:child_process';

const deliver = (message) =>
  new Promise((resolve) => {
    const hook = spawn(process.env['DROVER_HOOK'] ?? 'true', [], { stdio: ['pipe', 'ignore', 'ignore'] });
    hook.on('error', resolve);
    hook.on('close', resolve);
    hook.stdin.on('error', () => undefined);
    hook.stdin.end(JSON.stringify(message));
  });

/** One message after the other, so that none overtakes the one before it. */
const openQueue = (asking) => {
  let last = Promise.resolve();
  const say = (hook_event_name, rest = {}) => {
    last = last.then(() => deliver({ hook_event_name, ...rest }));
  };
  return {
    say,
    /** The same with what is still to be found out, for which nothing else waits; nothing is said when that cannot be. */
    sayThen: (hook_event_name, finding) => void finding.then((found) => found && say(hook_event_name, found)),
    ask: (id, rest, give) => {
      last = last.then(() => asking.ask(id, { hook_event_name: 'PermissionRequest', ...rest }, give));
    },
  };
};

/** What a question to opencode may take, in milliseconds: nothing is kept waiting for numbers. */
const PATIENCE = 2000;

const inTime = (answer) => {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE);
  });
  return Promise.race([answer.catch(() => undefined), late]).finally(() => clearTimeout(timer));
};

/** All messages of a session, and of the helpers that it had. */
const messagesOf = async (client, id) => {
  const path = { path: { id } };
  const [own, children] = await Promise.all([client.session.messages(path), client.session.children(path)]);
  const below = await Promise.all((children.data ?? []).map((child) => messagesOf(client, child.id)));
  return [
    ...(own.data ?? []).map(({ info }) => ({ ...info, own: true })),
    ...below.flat().map((info) => ({ ...info, own: false })),
  ];
};

/** What a session has used since it began, in Drover's words; answers to its helpers are counted as well. */
const usageOf = async (client, id) => {
  const models = {};
  const sum = { turns: 0, usd: 0, used_tokens: 0 };
  for (const { role, own, modelID, tokens, cost } of await messagesOf(client, id)) {
    if (role === 'user' && own) sum.turns += 1;
    if (role !== 'assistant' || !tokens) continue;
    const { input = 0, output = 0, reasoning = 0, cache } = tokens;
    const { read = 0, write = 0 } = cache ?? {};
    models[modelID] ??= { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
    models[modelID].input_tokens += input;
    models[modelID].output_tokens += output + reasoning;
    models[modelID].cache_read_tokens += read;
    models[modelID].cache_write_tokens += write;
    sum.usd += cost ?? 0;
    if (own) sum.used_tokens = input + output + reasoning + read + write || sum.used_tokens;
  }
  // It reckons 0 where it knows no price.
  const usd = sum.usd > 0 ? sum.usd : null;
  return { session_id: id, models, turns: sum.turns, usd, context: { used_tokens: sum.used_tokens } };
};

/** In a long turn what was used is told so often, in milliseconds. */
const USAGE_MS = 15_000;

/** Tells what a session has used: at the end of its turn, and now and then before. */
const openUsage = (queue, client) => {
  let last = Date.now();
  const tell = (sessionID) => {
    last = Date.now();
    // It takes a while to find out, and its task may be over by then.
    const at = new Date(last).toISOString();
    if (client?.session) queue.sayThen('Usage', inTime(usageOf(client, sessionID).then((used) => ({ ...used, at }))));
  };
  return { tell, tellSeldom: (sessionID) => Date.now() - last > USAGE_MS && tell(sessionID) };
};

/** The hook that waits for an answer lies beside the other one. */
const askHook = () => process.env['DROVER_HOOK']?.replace(/[^/]+$/u, 'ask-hook.sh') ?? 'true';

/** Hands over what is asked and hears the answer; a request that is answered elsewhere is let go. */
const openAsking = (client) => {
  const waiting = new Map();
  const post = (url, body) =>
    client._client.post({ url, body, headers: { 'Content-Type': 'application/json' } }).catch(() => undefined);
  return {
    ask: (id, message, give) =>
      new Promise((resolve) => {
        const env = { ...process.env, DROVER_ASK_READY: '1' };
        const hook = spawn(askHook(), [], { env, stdio: ['pipe', 'pipe', 'ignore', 'pipe'] });
        // What is said next may not overtake it.
        hook.stdio[3].on('data', resolve).on('error', resolve);
        waiting.set(id, hook);
        let line = '';
        hook.stdout.on('data', (text) => {
          line += text;
        });
        hook.on('error', resolve);
        hook.on('close', () => {
          waiting.delete(id);
          resolve();
          try {
            if (line.trim() !== '') give(JSON.parse(line), post);
          } catch {
            // Its own dialog stands there all the same.
          }
        });
        hook.stdin.on('error', () => undefined);
        hook.stdin.end(JSON.stringify(message));
      }),
    // Drover lets it go when it hears of the reply; this is for the time while it does not run.
    letGo: (id) => {
      const hook = waiting.get(id);
      if (hook) setTimeout(() => hook.kill(), 2000).unref();
    },
  };
};

const NAMES = { bash: 'Bash', edit: 'Edit', write: 'Write', read: 'Read' };

/** A tool and its input by the names that Claude Code has for them. */
const toolOf = (name, { filePath, ...args } = {}) => ({
  tool_name: NAMES[name] ?? name,
  tool_input: { ...args, ...(filePath === undefined ? {} : { file_path: filePath }) },
});

const requested = ({ permission, metadata, patterns }) =>
  toolOf(permission, { command: metadata?.command ?? patterns?.join(' ') ?? '' });

/** Which of its helpers it is of, if it is not its own. */
const helperOf = (helpers, { sessionID }) => (helpers.has(sessionID) ? { agent_id: sessionID } : {});

const failure = ({ name, data }) =>
  name === 'MessageAbortedError'
    ? ['Interrupt']
    : ['StopFailure', { error: name, last_assistant_message: data?.message ?? '' }];

/** What each event means. Sessions of helpers of the agent have a parent: their turns are none of the agent's. */
const makeReaders = ({ say, ask }, letGo, helpers, usage) => {
  const people = new Set();
  const asked = new Map();
  /** Requests that were refused with words: the turn goes on with them. */
  const told = new Set();
  let turn;
  const own = ({ sessionID }) => !helpers.has(sessionID);
  const began = () => {
    turn ??= { said: '', end: undefined, attempt: 0 };
    return turn;
  };
  const answered = ({ sessionID, requestID }, refused) => {
    const question = asked.get(requestID);
    asked.delete(requestID);
    letGo(requestID);
    // A refusal without words ends the turn.
    if (refused && !told.has(requestID) && own({ sessionID })) began().end = ['Interrupt'];
    else say('PermissionReply', question ?? { tool_name: 'what it asked for' });
  };
  const allow =
    ({ id }) =>
    (answer, post) => {
      if (answer.message) told.add(id);
      void post(`/permission/${id}/reply`, answer);
    };
  const inform =
    ({ id }) =>
    (answer, post) =>
      void (answer.answers ? post(`/question/${id}/reply`, answer) : post(`/question/${id}/reject`, {}));
  return {
    'session.created': ({ info }) => {
      if (info.parentID) helpers.add(info.id);
      else say('SessionStart', { session_id: info.id });
    },
    'session.status': ({ sessionID, status }) => {
      if (!own({ sessionID }) || status.type === 'idle') return;
      if (!turn) say('UserPromptSubmit', { session_id: sessionID });
      const { attempt } = began();
      turn.attempt = status.attempt ?? 0;
      if (status.type === 'retry' && status.attempt !== attempt)
        say('PreToolUse', { tool_name: 'another attempt', tool_input: { description: status.message } });
    },
    'session.error': ({ sessionID, error }) => {
      if (own({ sessionID }) && error) began().end = failure(error);
    },
    'session.idle': ({ sessionID }) => {
      if (!turn || !own({ sessionID })) return;
      say(...(turn.end ?? ['Stop', { last_assistant_message: turn.said }]));
      usage.tell(sessionID);
      turn = undefined;
    },
    'message.updated': ({ info }) => {
      if (info.role === 'user') people.add(info.id);
      else if (turn && own(info) && info.time?.completed) usage.tellSeldom(info.sessionID);
    },
    'message.part.updated': ({ part }) => {
      if (turn && part.type === 'text' && !people.has(part.messageID) && own(part)) turn.said = part.text;
    },
    'permission.asked': (request) => {
      const what = { ...requested(request), ...helperOf(helpers, request) };
      asked.set(request.id, what);
      ask(request.id, what, allow(request));
    },
    'permission.replied': (reply) => answered(reply, reply.reply === 'reject'),
    'question.asked': (request) => {
      const { questions } = request;
      const what = { tool_name: 'AskUserQuestion', tool_input: { questions }, ...helperOf(helpers, request) };
      asked.set(request.id, what);
      ask(request.id, what, inform(request));
    },
    'question.replied': (reply) => answered(reply, false),
    'question.rejected': (reply) => answered(reply, true),
  };
};

export const Drover = async ({ client } = {}) => {
  const asking = openAsking(client);
  const queue = openQueue(asking);
  const helpers = new Set();
  const readers = makeReaders(queue, asking.letGo, helpers, openUsage(queue, client));
  const used = (event, { tool, sessionID }, args) =>
    queue.say(event, { ...toolOf(tool, args ?? {}), ...helperOf(helpers, { sessionID }) });
  return {
    event: async ({ event }) => {
      try {
        readers[event.type]?.(event.properties);
      } catch {
        // Another version may have other events; the screen still tells something then.
      }
    },
    'tool.execute.before': async (call, { args }) => used('PreToolUse', call, args),
    'tool.execute.after': async (call) => used('PostToolUse', call, call.args),
  };
};
