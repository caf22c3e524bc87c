import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Agent } from './agents.ts';
import { choose } from './dialogs.ts';
import { type Arguments, behaviour } from './options.ts';
import { recorder } from './recorder.ts';
import { view } from './screen.ts';
import { session } from './sessions.ts';

type Input = Readonly<Record<string, unknown>>;
/** A tool call of the model in the words of the program. */
export type Call = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  readonly input: Input;
};

const NAMES: Readonly<Record<string, readonly [v2: string, v3: string, kind: string]>> = {
  Bash: ['execute_bash', 'shell', 'execute'],
  Write: ['fs_write', 'write', 'edit'],
  Read: ['fs_read', 'read', 'read'],
  Ask: ['ask', 'ask', 'other'],
};

export const callOf = (id: string, tool: string, input: Input): Call => {
  const [v2, v3, kind] = NAMES[tool] ?? [tool, tool, 'other'];
  const name = view.engine === 'v3' ? v3 : v2;
  const path = input['file_path'];
  if (tool === 'Write')
    return {
      id,
      name,
      kind,
      title: `Creating ${path}`,
      input: { command: 'create', path, file_text: input['content'] },
    };
  if (tool === 'Read') return { id, name, kind, title: `Reading ${path}`, input: { path } };
  if (tool === 'Ask') return { id, name, kind, title: String(input['question']), input };
  return { id, name, kind, title: 'Running a command', input: { command: input['command'] } };
};

const trustedForSession = new Set<string>();

const isTrusted = ({ name, input }: Call, agent: Agent, given: Arguments): boolean => {
  if (name === 'ask') return false;
  if (given.has('-a') || given.has('--trust-all-tools') || trustedForSession.has(name)) return true;
  const named = (given.value('--trust-tools') ?? '').split(',').flatMap((one) => [one, `fs_${one}`]);
  if (named.includes(name) || agent.allowedTools.includes(name)) return true;
  return agent.allowedCommands.some((pattern) => pattern.test(String(input['command'] ?? '')));
};

const ROWS: Readonly<Record<number, readonly string[]>> = {
  2: ['Yes, single permission', 'No (Tab to edit)'],
  3: ['Yes, single permission', 'Trust, always allow in this session', 'No (Tab to edit)'],
  4: [
    'Yes, single permission',
    'Trust, always allow in this session',
    'Trust, allow all for this session',
    'No (Tab to edit)',
  ],
};
const V3_ROWS = ['Allow', 'Always allow', 'Deny', 'Always deny'];

const KINDS: Readonly<Record<string, string>> = {
  Yes: 'allow_once',
  Allow: 'allow_once',
  Trust: 'allow_always',
  Always: 'allow_always',
  No: 'reject_once',
  Deny: 'reject_once',
};
const kindOf = (row: string): string =>
  row === 'Always deny' ? 'reject_always' : (KINDS[/^\w+/u.exec(row)![0]] ?? 'allow_once');

let requests = 0;
const nextId = (): string | number => {
  requests += 1;
  return view.engine === 'v3' ? 1000 + requests : `perm-${requests}`;
};

const OTHER = 'Type a different answer';
const MOST_WORDS = 60;

/** What came of a request: what the tool is told where it does not run, null where it may, undefined when the dialog was closed. */
type Verdict = string | null | undefined;

const question = async (call: Call): Promise<Verdict> => {
  const names = (call.input['options'] ?? []) as string[];
  const id = nextId();
  const options = names.map((name, at) => ({ optionId: `q-option-${at}`, name, kind: 'allow_once' }));
  recorder.ask(id, 'session/request_permission', {
    ...{ sessionId: session.id, toolCall: { toolCallId: call.id, title: call.title }, options },
  });
  const row = await choose({
    title: call.title,
    body: [],
    rows: [...names, OTHER],
    foot: '↑↓ to move · ESC to cancel',
  });
  const optionId = options.find(({ name }) => name === row)?.optionId;
  recorder.answer(id, { outcome: optionId ? { outcome: 'selected', optionId } : { outcome: 'cancelled' } });
  return row === null ? undefined : `The answer is: ${row}`;
};

type Asking = { readonly call: Call; readonly helper: string | null };

/** Asks for one use of a tool, of the agent itself or of a helper. */
const permission = async ({ call, helper }: Asking): Promise<Verdict> => {
  const rows = view.engine === 'v3' ? V3_ROWS : ROWS[behaviour.rows]!;
  const options = rows.map((name) => ({ optionId: kindOf(name), name, kind: kindOf(name) }));
  const id = nextId();
  recorder.ask(id, 'session/request_permission', {
    ...{ sessionId: helper ?? session.id, toolCall: { toolCallId: call.id, title: call.title }, options },
  });
  const tell = (kind: string): void => recorder.answer(id, { outcome: { outcome: 'selected', optionId: kind } });
  if (behaviour.answersItself) {
    tell('allow_once');
    return null;
  }
  const what = String(
    call.input['command'] === 'create' ? call.input['path'] : (call.input['command'] ?? call.input['path']),
  );
  const body = (view.engine === 'v3' ? [`${call.name} → ${what}`] : [what]).map((line) => line.slice(0, MOST_WORDS));
  const title = `${helper ? 'helper > ' : ''}${call.name} requires approval · trust options`;
  const row = await choose({ title, body, rows, foot: 'ESC to close · Tab to edit' });
  if (row === null) {
    recorder.answer(id, { outcome: { outcome: 'cancelled' } });
    return undefined;
  }
  tell(kindOf(row));
  if (kindOf(row) === 'allow_always') trustedForSession.add(call.name);
  return kindOf(row).startsWith('allow') ? null : 'Tool use was rejected by the user.';
};

/** A helper in the background asks for the same kind of thing at the same time. */
const helperAsks = async (): Promise<void> => {
  const helper = 'helper-session';
  const call = callOf('helper-call', 'Bash', { command: 'git tag by-helper' });
  const { id: toolCallId, title, kind, input: rawInput } = call;
  const update = { sessionUpdate: 'tool_call', toolCallId, title, kind, status: 'pending', rawInput };
  recorder.notify('session/update', { sessionId: helper, update });
  await permission({ call, helper });
};

/** Whether a tool may run, after whoever has to be asked was asked. */
export const mayUse = async (call: Call, agent: Agent, given: Arguments): Promise<Verdict> => {
  if (isTrusted(call, agent, given)) return null;
  if (call.name === 'ask') return question(call);
  const own = permission({ call, helper: null });
  if (behaviour.twoRequests) void helperAsks();
  return own;
};

const bash = (command: string, signal: AbortSignal): Promise<string> =>
  new Promise((done) => {
    const child = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    child.stdout.on('data', (text) => (output += String(text)));
    child.stderr.on('data', (text) => (output += String(text)));
    const stop = (): void => void process.kill(-child.pid!, 'SIGKILL');
    signal.addEventListener('abort', stop, { once: true });
    child.on('close', () => {
      signal.removeEventListener('abort', stop);
      done(output);
    });
  });

/** Runs a tool; what it gives, or why it failed. */
export const runTool = async ({ kind, input }: Call, signal: AbortSignal): Promise<string> => {
  try {
    if (kind === 'execute') return await bash(String(input['command']), signal);
    const path = resolve(String(input['path']));
    if (kind === 'read') return readFileSync(path, 'utf8');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, String(input['file_text']));
    return 'written';
  } catch (error) {
    return `failed: ${String(error)}`;
  }
};
