import { z } from 'zod';
import { oneLine, shorten, shown, shownLine, withoutControls } from '../lib/text.ts';
import type { FailureClass } from '../state/tasks.ts';
import type { Asked, Signal } from './adapter.ts';
import { failureIn, resetsIn } from './failure.ts';
import { questionsIn, questionsPut } from './questions.ts';

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
  agent_id: z.string().nullish().catch(null),
  cut: z.boolean().catch(false),
  tool_input: z.record(z.string(), z.unknown()).catch({}),
  tool_response: z.looseObject({ plan: text }).catch({ plan: '' }),
  background_tasks: z.array(z.looseObject({ description: text, command: text })).catch([]),
  percent: z.number().min(0).max(100).catch(0),
  note: z.string().nullable().catch(null),
});
type Message = z.infer<typeof messageSchema>;

const LINE = 200;
const SUMMARY = 2000;
/** Several questions with their choices are longer than one. */
const QUESTION = 500;

/** Where a tool's input says what it is used on. */
const SUBJECTS = ['command', 'file_path', 'notebook_path', 'path', 'url', 'pattern', 'query', 'plan'];

/** What these tools are used on stands there alone, whatever else their input holds. */
const OWN_SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  Edit: ['file_path'],
  Write: ['file_path'],
  MultiEdit: ['file_path'],
  NotebookEdit: ['notebook_path'],
  Read: ['file_path'],
  WebFetch: ['url'],
};

const line = (words: string): string => shown(shorten(oneLine(words), LINE));

const subjectOf = (tool: string, input: Message['tool_input']): string => {
  const { path, pattern } = input;
  // A pattern that leads out of its folder is what it is used on.
  if (
    typeof path === 'string' &&
    typeof pattern === 'string' &&
    /^\/|(?:^|\/)\.\.(?:\/|$)/u.test(pattern) &&
    tool === 'Glob'
  )
    return pattern;
  const keys = [...(Object.hasOwn(OWN_SUBJECTS, tool) ? OWN_SUBJECTS[tool]! : []), ...SUBJECTS];
  return keys.map((key) => input[key]).find((value) => typeof value === 'string') ?? '';
};

/** The use of the tool that a message tells of, in full. */
const usedTool = ({ tool_name: tool, tool_input, agent_id: helper = null, cut }: Message) => ({
  tool,
  subject: subjectOf(tool, tool_input),
  helper,
  whole: !cut,
});

/** What a tool is about to do: what rules judge of it, as it is to be seen, or the words of its input that tell most. */
const toolNote = (message: Message): string => {
  const { tool_name, tool_input } = message;
  const { subject } = usedTool(message);
  const words = [subject, tool_input['description'], tool_input['prompt']].find(
    (value) => typeof value === 'string' && value !== '',
  );
  return shorten(shownLine(typeof words === 'string' ? `${tool_name}: ${words}` : tool_name), LINE);
};

/** Claude Code's tool that shows its plan, and leaves its plan mode with a yes. */
export const PLAN_TOOL = 'ExitPlanMode';
export const PLAN_QUESTION = 'Shall it carry out its plan?';

const requestOf = (message: Message): Asked => {
  const { tool_name, tool_input, cut } = message;
  // A plan is carried out as it was read.
  if (tool_name === PLAN_TOOL) return { ...usedTool(message), ...(cut ? {} : { input: tool_input }) };
  const { questions } = questionsIn(tool_input);
  return questions.length === 0 ? usedTool(message) : { ...usedTool(message), questions };
};

const questionOf = (message: Message): string => {
  const put = questionsPut(message.tool_input);
  if (put !== undefined) return shorten(shownLine(put), QUESTION);
  if (message.tool_name === PLAN_TOOL) {
    const plan = message.tool_input['plan'];
    return shorten(shownLine(`${PLAN_QUESTION} ${typeof plan === 'string' ? plan : 'It shows none.'}`), QUESTION);
  }
  return shorten(`May it use ${toolNote(message) || 'a tool'}?`, LINE);
};

/** That it asks comes in a message of its own, also where the tool is a question. */
const tool = (message: Message): Signal => ({
  kind: 'working',
  note: toolNote(message),
  use: { ...usedTool(message), done: false },
});

/** Tools that write the file which their input names. */
const WRITING = ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'];

/** Claude Code asks with the plan in the tool's input, and tells of the approved one in its response alone. */
const withItsPlan = (message: Message): Message => {
  const { tool_name, tool_input, tool_response } = message;
  return tool_name === PLAN_TOOL && tool_input['plan'] === undefined
    ? { ...message, tool_input: { ...tool_input, plan: tool_response.plan } }
    : message;
};

const afterUse = (told: Message): Signal => {
  const message = withItsPlan(told);
  const { tool_name, tool_input } = message;
  const path = tool_input['file_path'] ?? tool_input['notebook_path'];
  const note = toolNote(message);
  return WRITING.includes(tool_name) && typeof path === 'string' && path !== ''
    ? { kind: 'touched', path, note, use: { ...usedTool(message), done: true } }
    : { kind: 'working', note, use: { ...usedTool(message), done: true } };
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
  const summary = shorten(withoutControls(message.last_assistant_message).trim(), SUMMARY);
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

const failure = (message: Message): Signal => {
  const { error, last_assistant_message: words } = message;
  const said = line(`${error.replaceAll('_', ' ') || 'error'}: ${words || 'no details given'}`);
  if (error === 'rate_limit') return { kind: 'limited', message: said, resets: resetsIn(words) };
  return Object.hasOwn(CLASSES, error)
    ? { kind: 'failed', class: CLASSES[error]!, message: said }
    : failureIn(words, said);
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
  PostToolUse: afterUse,
  PostToolUseFailure: (message) => ({
    kind: 'working',
    note: toolNote(message),
    use: { ...usedTool(message), done: true },
  }),
  // What it asked for was decided, whichever way; it goes on.
  PermissionReply: (message) => ({
    kind: 'working',
    note: toolNote(message),
    use: { ...usedTool(message), done: true },
  }),
  PermissionRequest: (message) => ({ kind: 'waiting', question: questionOf(message), asks: requestOf(message) }),
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
