import { z } from 'zod';
import { oneLine, shortened, withoutControls } from '../lib/text.ts';
import type { FailureClass } from '../state/tasks.ts';
import type { Signal } from './adapter.ts';

const text = z.string().catch('');

/** The JSON that Claude Code's hooks get; the rehearsal agent and wrappers around other agents speak it as well. */
const messageSchema = z.looseObject({
  hook_event_name: z.string(),
  session_id: z.string().optional().catch(undefined),
  source: text,
  reason: text,
  message: text,
  notification_type: text,
  error: text,
  last_assistant_message: text,
  interrupted: z.boolean().catch(false),
  tool_name: text,
  tool_input: z.record(z.string(), z.unknown()).catch({}),
  background_tasks: z.array(z.looseObject({ description: text, command: text })).catch([]),
  percent: z.number().min(0).max(100).catch(0),
  note: z.string().nullable().catch(null),
});
type Message = z.infer<typeof messageSchema>;

const LINE = 200;
const SUMMARY = 2000;

const line = (words: string): string => shortened(oneLine(words), LINE);

/** What a tool is about to do: the value of its input that tells a person most. */
const toolNote = ({ tool_name, tool_input }: Message): string => {
  const telling = ['command', 'file_path', 'path', 'pattern', 'url', 'description', 'prompt']
    .map((key) => tool_input[key])
    .find((value) => typeof value === 'string');
  return line(typeof telling === 'string' ? `${tool_name}: ${telling}` : tool_name);
};

const firstQuestion = z.object({ questions: z.array(z.object({ question: z.string() })).min(1) });

const questionOf = (message: Message): string => {
  const asked = firstQuestion.safeParse(message.tool_input);
  if (asked.success) return line(asked.data.questions[0]!.question);
  if (message.tool_name === 'ExitPlanMode') return 'Shall it carry out its plan?';
  return line(`May it use ${toolNote(message) || 'a tool'}?`);
};

/** Tools whose use is a question to the person, with or without a permission dialog. */
const ASKING = ['AskUserQuestion', 'ExitPlanMode'];

const tool = (message: Message): Signal =>
  ASKING.includes(message.tool_name)
    ? { kind: 'waiting', question: questionOf(message) }
    : { kind: 'working', note: toolNote(message) };

/** Tools that write the file which their input names. */
const WRITING = ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'];

const used = (message: Message): Signal => {
  const { tool_name, tool_input } = message;
  const path = tool_input['file_path'] ?? tool_input['notebook_path'];
  const note = toolNote(message);
  return WRITING.includes(tool_name) && typeof path === 'string' && path !== ''
    ? { kind: 'touched', path, note }
    : { kind: 'working', note };
};

const stop = (message: Message): Signal => {
  if (message.interrupted) return { kind: 'failed', class: 'stopped', message: 'interrupted' };
  const [background] = message.background_tasks;
  // Its turn is over but something of its own still runs, and will give it a further turn.
  if (background)
    return {
      kind: 'working',
      note: line(`in the background: ${background.description || background.command}`),
      background: true,
    };
  const summary = shortened(withoutControls(message.last_assistant_message).trim(), SUMMARY);
  return summary === '' ? { kind: 'finished' } : { kind: 'finished', summary };
};

/** Kinds of errors that are not the task's: its account, or the way to its model. */
const CLASSES: Readonly<Record<string, FailureClass>> = {
  authentication_failed: 'login',
  oauth_org_not_allowed: 'login',
  account_on_hold: 'login',
  verification_required: 'login',
  cloud_credential_error: 'login',
  billing_error: 'credit',
  overloaded: 'overloaded',
  server_error: 'overloaded',
};

const NETWORK = /\b(?:ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|connection error|unable to connect|fetch failed)\b/iu;

const classOf = ({ error, last_assistant_message: words }: Message): FailureClass => {
  if (Object.hasOwn(CLASSES, error)) return CLASSES[error]!;
  if (/credit balance is too low/iu.test(words)) return 'credit';
  return NETWORK.test(words) ? 'network' : 'agent';
};

const failure = (message: Message): Signal => {
  const { error, last_assistant_message: words } = message;
  const said = line(`${error.replaceAll('_', ' ') || 'error'}: ${words || 'no details given'}`);
  if (error !== 'rate_limit') return { kind: 'failed', class: classOf(message), message: said };
  const resets = /\bresets (?<when>[^·\n]+)/iu.exec(words)?.groups?.['when'];
  return { kind: 'limited', message: said, resets: resets === undefined ? null : line(resets) };
};

const notification = ({ notification_type, message }: Message): Signal | undefined => {
  // `permission_prompt` comes seconds after the PermissionRequest that said it better, perhaps after its answer.
  if (notification_type === 'elicitation_dialog') return { kind: 'waiting', question: line(message) };
  return notification_type === 'idle_prompt' ? { kind: 'ready' } : undefined;
};

const ready = ({ source, session_id }: Message): Signal | undefined => {
  // Compaction happens in the middle of a turn and keeps the conversation.
  if (source === 'compact') return undefined;
  return session_id === undefined ? { kind: 'ready' } : { kind: 'ready', conversation: session_id };
};

const READERS: Readonly<Record<string, (message: Message) => Signal | undefined>> = {
  SessionStart: ready,
  UserPromptSubmit: () => ({ kind: 'working' }),
  PreToolUse: tool,
  // Before its use a tool may still be refused: only what was done counts as written.
  PostToolUse: used,
  PostToolUseFailure: (message) => ({ kind: 'working', note: toolNote(message) }),
  PermissionRequest: (message) => ({ kind: 'waiting', question: questionOf(message) }),
  Notification: notification,
  Progress: ({ percent, note }) => ({ kind: 'progress', percent, note: note === null ? null : line(note) }),
  Stop: stop,
  Interrupt: () => ({ kind: 'failed', class: 'stopped', message: 'interrupted' }),
  StopFailure: failure,
  // After `clear` and `resume` the same program goes on with another conversation.
  SessionEnd: ({ reason }) => (reason === 'clear' || reason === 'resume' ? undefined : { kind: 'exiting' }),
};

/** What a hook's JSON means; undefined when it means nothing for us or is no hook message. */
export const readHookMessage = (body: unknown): Signal | undefined => {
  const message = messageSchema.safeParse(body);
  if (!message.success) return undefined;
  const { hook_event_name: name } = message.data;
  return Object.hasOwn(READERS, name) ? READERS[name]!(message.data) : undefined;
};
