import { expect, test } from 'vitest';
import { noCommand } from '../../src/agents/errors.ts';
import { shellAdapter } from '../../src/agents/shell.ts';
import { agentSettingsSchema } from '../../src/state/settings.ts';
import { launchOptions } from './options.ts';

const adapter = (settings: Record<string, unknown>) =>
  shellAdapter('aider', agentSettingsSchema.parse({ command: ['aider', '--yes'], ...settings }));
const PROMPT = 'Task 1: read /b.md and do what it says.';
const launch = (settings: Record<string, unknown>, options: Parameters<typeof launchOptions>[0] = {}) =>
  adapter(settings).launch(launchOptions(options));

test('a prompt that is typed changes nothing of the command', () => {
  expect(launch({ env: { A: 'b' } }, { prompt: PROMPT })).toEqual({
    argv: ['aider', '--yes'],
    env: { A: 'b' },
    files: [],
    conversation: undefined,
  });
});

test('a conversation is named where the configuration says', () => {
  const settings = { resume: ['--resume={conversation}', '{other}'] };
  expect(launch(settings, { resume: 'a $& b' })).toMatchObject({
    argv: ['aider', '--yes', '--resume=a $& b', '{other}'],
    conversation: 'a $& b',
  });
});

test.each([
  ['is the last argument', ['run'], ['run', PROMPT]],
  ['stands where it is named', ['run', '--message', '{prompt}', '-v'], ['run', '--message', PROMPT, '-v']],
  ['may be replaced by the file of the brief', ['run', '--file={brief}'], ['run', '--file=/b c.md']],
])('a prompt that is an argument %s', (_name, command, argv) => {
  const options = { prompt: PROMPT, brief: '/b c.md' };
  expect(launch({ command, prompt: 'argument' }, options).argv).toEqual(argv);
});

test('without a task nothing is filled in', () => {
  expect(launch({ command: ['run', '{prompt}'], prompt: 'argument' }).argv).toEqual(['run', '{prompt}']);
  expect(launch({ prompt: 'stdin' }).argv).toEqual(['aider', '--yes']);
});

test('a prompt for stdin lies in a file that a constant shell line opens', () => {
  const { argv, files } = launch({ prompt: 'stdin' }, { home: '/h', prompt: PROMPT });
  expect({ argv, files }).toEqual({
    argv: ['sh', '-c', 'exec "$@" <"$0"', '/h/prompt.txt', 'aider', '--yes'],
    files: [{ path: '/h/prompt.txt', content: `${PROMPT}\n` }],
  });
});

test('each way of giving a prompt is typed or a new start', () => {
  expect(['typed', 'argument', 'stdin'].map((prompt) => adapter({ prompt }).prompt)).toEqual([
    'typed',
    'argument',
    'argument',
  ]);
});

test('its screen is read by the configured patterns, questions first', () => {
  const read = adapter({ ready: '^> $', idle: '^done', question: String.raw`\(y/n\)` }).readScreen!;
  expect(['> ', 'done\n> ', 'done\n  Delete it? (y/n) \n\n', 'busy'].map(read)).toEqual([
    { kind: 'ready' },
    { kind: 'finished' },
    { kind: 'waiting', question: 'Delete it? (y/n)' },
    undefined,
  ]);
});

test('a named group is the question', () => {
  const read = adapter({ question: 'ASK: (?<question>.*)$' }).readScreen!;
  expect(read('ASK: which one?\n\n')).toEqual({ kind: 'waiting', question: 'which one?' });
});

const YES_OR_NO = { ready: '^robot>', idle: '^done', question: String.raw`\[y/n\]` };
const BOX = '╭──────╮\n│ >    │\n╰──────╯\n';

test.each([
  ['at the cursor', 'Drop them? [y/n] '],
  ['with blank lines below it', 'working\nDrop them? [y/n]\n   \n\n\n'],
  ['with a sign behind it', 'Drop them? [y/n]: \n'],
  ['with what is proposed behind it', 'Drop them? [y/n] (y) > '],
  ['above an empty input box', `Drop them? [y/n]\n${BOX}`],
  ['above a prompt sign', 'Drop them? [y/n]\n❯ \n'],
  ['above the line with which it takes prompts', 'Drop them? [y/n]\nrobot> \n'],
  ['asked anew below its answer', 'Drop them? [y/n] y\nno such file\nDrop them? [y/n] '],
])('what its pattern finds is a question %s', (_where, screen) => {
  expect(adapter(YES_OR_NO).readScreen!(screen)).toEqual({
    kind: 'waiting',
    question: expect.stringMatching(/^Drop them\? \[y\/n\](?:$|:$| \(y\) >$)/u),
  });
});

test.each([
  ['with its answer behind it', 'Drop them? [y/n] y\n', undefined],
  ['with its answer behind a sign', 'Drop them? [y/n]: yes\n', undefined],
  ['above what was printed then', 'Drop them? [y/n]\nremoving 12 accents\n', undefined],
  ['above a full input box', 'Drop them? [y/n]\n│ > fix it │\n', undefined],
  ['above the line that says that it has finished', 'Drop them? [y/n] y\ndone\n', { kind: 'finished' }],
  ['answered, above the line with which it takes prompts', 'Drop them? [y/n] y\nrobot> \n', { kind: 'ready' }],
])('what its pattern finds is none %s', (_where, screen, signal) => {
  expect(adapter(YES_OR_NO).readScreen!(screen)).toEqual(signal);
});

test('a question of several lines is found by a pattern that goes to its last one', () => {
  const question = String.raw`^(?<question>.*\?)\n\s+1\. Yes\n\s+2\. No$`;
  const read = adapter({ question }).readScreen!;
  expect(read('Begin?\n  1. Yes\n  2. No\n\n')).toEqual({ kind: 'waiting', question: 'Begin?' });
  expect(read('Begin?\n  1. Yes\n  2. No\n1\nat work\n')).toBeUndefined();
});

test('without patterns its screen is never asked for', () => {
  expect(adapter({}).readScreen).toBeUndefined();
});

test('an agent without a command cannot be started', () => {
  expect(() => shellAdapter('mine', agentSettingsSchema.parse({}))).toThrow(
    expect.objectContaining({ code: noCommand.code, exit: 2, message: 'the agent "mine" has no command' }),
  );
});
