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
const openQueue = () => {
  let last = Promise.resolve();
  return (hook_event_name, rest = {}) => {
    last = last.then(() => deliver({ hook_event_name, ...rest }));
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

const failure = ({ name, data }) =>
  name === 'MessageAbortedError'
    ? ['Interrupt']
    : ['StopFailure', { error: name, last_assistant_message: data?.message ?? '' }];

/** What each event means. Sessions of helpers of the agent have a parent: their turns are none of the agent's. */
const makeReaders = (say) => {
  const helpers = new Set();
  const people = new Set();
  const asked = new Map();
  let turn;
  const own = ({ sessionID }) => !helpers.has(sessionID);
  const began = () => {
    turn ??= { said: '', end: undefined, attempt: 0 };
    return turn;
  };
  const answered = ({ sessionID, requestID }, refused) => {
    const question = asked.get(requestID);
    asked.delete(requestID);
    // A refusal ends the turn without another word.
    if (refused && own({ sessionID })) began().end = ['Interrupt'];
    else say('PreToolUse', question ?? { tool_name: 'what it asked for' });
  };
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
      turn = undefined;
    },
    'message.updated': ({ info }) => {
      if (info.role === 'user') people.add(info.id);
    },
    'message.part.updated': ({ part }) => {
      if (turn && part.type === 'text' && !people.has(part.messageID) && own(part)) turn.said = part.text;
    },
    'permission.asked': (request) => {
      asked.set(request.id, requested(request));
      say('PermissionRequest', requested(request));
    },
    'permission.replied': (reply) => answered(reply, reply.reply === 'reject'),
    'question.asked': ({ questions }) =>
      say('PermissionRequest', { tool_name: 'AskUserQuestion', tool_input: { questions } }),
    'question.replied': (reply) => answered(reply, false),
    'question.rejected': (reply) => answered(reply, true),
  };
};

export const Drover = async () => {
  const say = openQueue();
  const readers = makeReaders(say);
  return {
    event: async ({ event }) => {
      try {
        readers[event.type]?.(event.properties);
      } catch {
        // Another version may have other events; the screen still tells something then.
      }
    },
    'tool.execute.before': async ({ tool }, { args }) => say('PreToolUse', toolOf(tool, args ?? {})),
    'tool.execute.after': async ({ tool, args }) => say('PostToolUse', toolOf(tool, args ?? {})),
  };
};
