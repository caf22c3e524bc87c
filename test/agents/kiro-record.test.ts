import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Signal } from '../../src/agents/adapter.ts';
import { kiroRecord } from '../../src/agents/kiro-record.ts';

let at = 0;
const line = (dir: 'out' | 'in', msg: object, asText = false): string => {
  at += 1;
  return JSON.stringify({ ts: at, dir, msg: asText ? JSON.stringify(msg) : msg });
};
const out = (msg: object) => line('out', msg);
const into = (msg: object) => line('in', msg);

const BEGIN = [out({ id: 1, method: 'session/new', params: {} }), into({ id: 1, result: { sessionId: 's' } })];
const prompt = (id: number, sessionId = 's') => out({ id, method: 'session/prompt', params: { sessionId } });
const ends = (id: number, stopReason = 'end_turn') => into({ id, result: { stopReason } });
const update = (told: object, sessionId = 's') =>
  into({ method: 'session/update', params: { sessionId, update: told } });
const says = (text: string) => update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const call = (toolCallId: string, command: string, sessionId = 's') =>
  update(
    { sessionUpdate: 'tool_call', toolCallId, title: 'Running', kind: 'execute', rawInput: { command } },
    sessionId,
  );
const OPTIONS = [
  { optionId: 'allow_once', name: 'Yes', kind: 'allow_once' },
  { optionId: 'reject_once', name: 'No', kind: 'reject_once' },
];
const asks = (id: string | number, toolCallId: string, sessionId = 's', options: readonly object[] = OPTIONS) =>
  into({
    id,
    method: 'session/request_permission',
    params: { sessionId, toolCall: { toolCallId, title: 'Running' }, options },
  });
const answers = (id: string | number) =>
  out({ id, result: { outcome: { outcome: 'selected', optionId: 'allow_once' } } });

/** What comes of lines that are read in these pieces. */
const read = (...pieces: readonly (readonly string[])[]) => {
  const reader = kiroRecord.reader(null);
  return { reader, told: pieces.map((lines) => reader.take(lines).map(({ signal }) => signal)) };
};
const kinds = (told: readonly (readonly Signal[])[]) => told.map((signals) => signals.map(({ kind }) => kind));
const subjects = (signals: readonly Signal[]) =>
  signals.map((signal) => (signal.kind === 'waiting' ? signal.asks?.subject : signal.kind));

test('a turn is at work from its prompt to its result, and its last words are its summary', () => {
  const { told } = read(BEGIN, [prompt(2)], [says('First. '), call('t', 'ls'), says('All '), says('done.')], [ends(2)]);
  expect(told).toEqual([
    [{ kind: 'ready', conversation: 's' }],
    [{ kind: 'working' }],
    [{ kind: 'working', note: 'Bash: ls' }],
    [{ kind: 'finished', summary: 'All done.' }],
  ]);
});

test('frames whose message is a text that holds JSON are read as well', () => {
  const { told } = read([line('out', { id: 5, method: 'session/prompt', params: { sessionId: 's' } }, true)]);
  expect(told).toEqual([[{ kind: 'working' }]]);
});

test('a request names the whole command by its tool call, and is open until it is answered', () => {
  const { told, reader } = read([...BEGIN, prompt(2), call('t', 'git branch other')], [asks('p', 't')]);
  expect(told[1]).toEqual([
    {
      kind: 'waiting',
      question: 'May it use Bash: git branch other?',
      asks: { tool: 'Bash', subject: 'git branch other', whole: true, helper: null },
    },
  ]);
  expect(reader.open()).toEqual(['"p"']);
  expect(reader.take([answers('p')]).map(({ signal }) => signal)).toMatchObject([
    { kind: 'working', use: { done: true } },
  ]);
  expect(reader.open()).toEqual([]);
});

test('a request without a known call is about a tool of which nothing is sure', () => {
  const { told } = read([...BEGIN, prompt(2), asks('p', 'never-seen')]);
  expect(told[0]!.at(-1)).toMatchObject({ asks: { tool: 'Running', subject: '', whole: false } });
});

test('what it has answered by itself at once was asked of nobody', () => {
  const { told } = read([...BEGIN, prompt(2)], [call('t', 'ls'), asks(7, 't'), answers(7)]);
  expect(kinds(told)[1]).toEqual(['working']);
});

test('of two requests, one of a helper, each is told, and what goes on beside them answers neither', () => {
  const { told, reader } = read(
    [...BEGIN, prompt(2), call('a', 'git tag a'), call('b', 'git tag b', 'helper')],
    [asks('p', 'a'), asks('q', 'b', 'helper'), call('c', 'ls', 'helper')],
    [answers('p')],
    [answers('q')],
  );
  expect(subjects(told[1]!)).toEqual(['git tag a', 'git tag b']);
  expect(told[1]!.map((one) => (one.kind === 'waiting' ? one.asks?.helper : ''))).toEqual([null, 'helper']);
  expect(told[2]).toMatchObject([{ use: { subject: 'git tag a', helper: null } }]);
  expect(told[3]).toMatchObject([{ use: { subject: 'git tag b', helper: 'helper' } }]);
  expect(reader.open()).toEqual([]);
});

test('the answer to one of two requests that read alike leaves the other one open', () => {
  const { told, reader } = read(
    [...BEGIN, prompt(2), call('a', 'git tag a'), call('b', 'git tag a')],
    [asks('p', 'a'), asks('q', 'b')],
    [answers('p')],
  );
  expect(told[2]).toEqual([]);
  expect(reader.open()).toEqual(['"q"']);
});

test.each([
  [['Red', 'Blue'], 'Running (Red / Blue)'],
  [['2', '1'], 'Running (1. 2 / 2. 1)'],
])('questions of the third engine carry their choices %j, and no rule answers them', (names, question) => {
  const options = names.map((name, n) => ({ optionId: `q-option-${n}`, name, kind: 'allow_once' }));
  const { told } = read([...BEGIN, prompt(2), asks(9, 'x', 's', options)]);
  expect(told[0]!.at(-1)).toMatchObject({
    question,
    asks: { tool: 'AskUserQuestion', questions: [{ options: names.map((label) => ({ label })) }] },
  });
});

test.each([
  [ends(2, 'cancelled'), { kind: 'rests' }],
  [ends(2, 'max_tokens'), { kind: 'failed', class: 'agent' }],
  [into({ id: 2, error: { message: 'Authentication Error: log in again' } }), { kind: 'failed', class: 'login' }],
  [into({ id: 2, error: { message: 'MONTHLY_REQUEST_COUNT' } }), { kind: 'limited' }],
  [into({ id: 2, error: { message: 'Kiro is having trouble responding right now' } }), { class: 'overloaded' }],
])('the end %s is no claim', (end, signal) => {
  const { told, reader } = read([...BEGIN, prompt(2), asks('p', 't')], [end]);
  expect(told[1]).toEqual([expect.objectContaining(signal)]);
  expect(reader.open()).toEqual([]);
});

const limit = into({
  method: '_kiro.dev/error/rate_limit',
  params: { sessionId: 's', message: 'Request quota exceeded.' },
});

test('a limit that nothing came after is the end of a turn, and one that was got over is not', () => {
  expect(kinds(read([...BEGIN, prompt(2), limit], [ends(2)]).told)[1]).toEqual(['limited']);
  expect(kinds(read([...BEGIN, prompt(2), limit, says('on')], [ends(2)]).told)[1]).toEqual(['finished']);
});

const compaction = (type: string) => into({ method: '_kiro.dev/compaction/status', params: { status: { type } } });

test('a compaction is work, and outside of a turn it ends as a rest', () => {
  expect(kinds(read(BEGIN, [compaction('started')], [compaction('completed')]).told)).toEqual([
    ['ready'],
    ['working'],
    ['rests'],
  ]);
  expect(kinds(read([...BEGIN, prompt(2)], [compaction('completed')]).told)[1]).toEqual([]);
});

test('a new chat of the same program is another conversation', () => {
  const { told } = read(
    BEGIN,
    [out({ id: 3, method: 'session/new' }), into({ id: 3, result: { sessionId: 't' } })],
    [prompt(4, 's')],
  );
  expect(told.slice(1)).toEqual([[{ kind: 'ready', conversation: 't' }], []]);
});

test('what is told of a file that it wrote names the file', () => {
  const input = { command: 'create', path: '/w/a.txt', file_text: 'x' };
  const done = [
    update({ sessionUpdate: 'tool_call', toolCallId: 't', kind: 'edit', rawInput: input }),
    update({ sessionUpdate: 'tool_call_update', toolCallId: 't', status: 'completed' }),
  ];
  expect(read([...BEGIN, prompt(2)], done).told[1]!.at(-1)).toMatchObject({ kind: 'touched', path: '/w/a.txt' });
});

test('after lines that were lost the end of the turn is still its end', () => {
  const reader = kiroRecord.reader('s');
  expect(reader.take([says('done'), ends(9)]).map(({ signal }) => signal)).toEqual([
    { kind: 'finished', summary: 'done' },
  ]);
});

test('a token that is written down is part of no signal', () => {
  const lines = [
    out({ id: 4, method: '_kiro/auth/getAccessToken' }),
    into({ id: 4, result: { accessToken: 'SECRET' } }),
  ];
  expect(JSON.stringify(read([...BEGIN, ...lines, prompt(5), ends(5)]).told)).not.toContain('SECRET');
});

test('nothing that a line holds makes it fail', () => {
  const reader = kiroRecord.reader(null);
  fc.assert(fc.property(fc.array(fc.string()), (lines) => void reader.take(lines)));
  fc.assert(
    fc.property(fc.constantFrom('in', 'out'), fc.anything(), (dir, msg) => {
      reader.take([JSON.stringify({ ts: 1, dir, msg }) ?? '']);
    }),
  );
});

test('in whatever pieces the lines come, what is open in the end is the same', () => {
  const key = fc.constantFrom('p', 'q', 'r');
  const step = fc.oneof(
    key.map((id) => asks(id, id)),
    key.map((id) => answers(id)),
    key.map((id) => call(id, id)),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.nat(20), (steps, cut) => {
      const lines = [...BEGIN, prompt(2), ...steps];
      const whole = read(lines).reader.open();
      expect(read(lines.slice(0, cut), lines.slice(cut)).reader.open()).toEqual(whole);
    }),
  );
});
